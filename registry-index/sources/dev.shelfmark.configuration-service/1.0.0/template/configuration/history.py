"""Revisions: added, never changed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Revision:
    number: int
    values: dict[str, Any]
    author: str
    reason: str
    at: datetime


@dataclass
class History:
    revisions: list[Revision] = field(default_factory=list)

    def current(self) -> dict[str, Any]:
        return dict(self.revisions[-1].values) if self.revisions else {}

    def add(self, values: dict[str, Any], author: str, reason: str, at: datetime) -> Revision:
        if not reason.strip():
            raise ValueError("a change needs a reason")
        revision = Revision(len(self.revisions) + 1, dict(values), author, reason, at)
        self.revisions.append(revision)
        return revision

    def roll_back(self, number: int, author: str, at: datetime) -> Revision:
        if not 1 <= number <= len(self.revisions):
            raise ValueError(f"there is no revision {number}")
        return self.add(self.revisions[number - 1].values, author, f"back to revision {number}", at)
