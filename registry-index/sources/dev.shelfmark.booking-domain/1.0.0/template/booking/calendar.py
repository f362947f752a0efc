"""Bookings of one resource, without overlaps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count


@dataclass(frozen=True)
class Claim:
    number: int
    start: datetime
    end: datetime
    customer: str | None = None
    ends_at: datetime | None = None  # set for a hold

    def counts(self, now: datetime) -> bool:
        return self.ends_at is None or self.ends_at > now


class Taken(Exception):
    def __init__(self, next_free: datetime) -> None:
        super().__init__(f"taken; free from {next_free.isoformat()}")
        self.next_free = next_free


class Calendar:
    def __init__(self, resource: str) -> None:
        self.resource = resource
        self._claims: dict[int, Claim] = {}
        self._numbers = count(1)

    def hold(self, start: datetime, end: datetime, now: datetime, for_minutes: int = {{ hold_minutes }}) -> Claim:
        if end <= start:
            raise ValueError("a booking ends after it starts")
        overlapping = [c for c in self._claims.values() if c.counts(now) and self._overlap(c, start, end)]
        if overlapping:
            raise Taken(self._next_free(start, end - start, now))
        claim = Claim(next(self._numbers), start, end, ends_at=now + timedelta(minutes=for_minutes))
        self._claims[claim.number] = claim
        return claim

    def confirm(self, hold: Claim, customer: str, now: datetime) -> Claim:
        current = self._claims.get(hold.number)
        if current is None or not current.counts(now):
            raise LookupError("the hold has ended")
        booking = Claim(hold.number, hold.start, hold.end, customer)
        self._claims[hold.number] = booking
        return booking

    def cancel(self, number: int) -> Claim:
        return self._claims.pop(number)

    def _overlap(self, claim: Claim, start: datetime, end: datetime) -> bool:
        return claim.start < end and start < claim.end

    def _next_free(self, start: datetime, length: timedelta, now: datetime) -> datetime:
        for claim in sorted(self._claims.values(), key=lambda c: c.start):
            if claim.counts(now) and self._overlap(claim, start, start + length):
                start = claim.end
        return start
