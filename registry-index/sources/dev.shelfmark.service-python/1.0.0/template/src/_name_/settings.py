"""Settings from the environment, checked once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    port: int = {{ port }}
    log_level: str = "INFO"

    @classmethod
    def load(cls, source: Mapping[str, str] = os.environ) -> "Settings":
        settings = cls(int(source.get("PORT", {{ port }})), source.get("LOG_LEVEL", "INFO").upper())
        if settings.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError(f"LOG_LEVEL is unknown: {settings.log_level}")
        return settings
