"""Which row groups of a file can hold a row that fits the filters."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Statistics:
    """The smallest and the largest value of a column in one row group."""

    smallest: Any
    largest: Any


def can_match(operator: str, value: Any, stats: Statistics | None) -> bool:
    """Returns False only when no row of the group can fit. Without statistics every group may."""
    if stats is None:
        return True
    match operator:
        case "equals":
            return stats.smallest <= value <= stats.largest
        case "in":
            return any(stats.smallest <= v <= stats.largest for v in value)
        case _:
            return True


def row_groups(filters: list[tuple[str, str, Any]], groups: list[dict[str, Statistics]]) -> list[int]:
    """Returns the numbers of the row groups that must be read."""
    return [
        number
        for number, columns in enumerate(groups)
        if all(can_match(operator, value, columns.get(column)) for column, operator, value in filters)
    ]
