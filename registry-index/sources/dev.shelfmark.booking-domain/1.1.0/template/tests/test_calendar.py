from datetime import datetime, timedelta

import pytest

from booking.calendar import Calendar, Taken

NINE = datetime(2026, 3, 2, 9)
HOUR = timedelta(hours=1)


def test_two_claims_never_overlap() -> None:
    calendar = Calendar("room-2")
    calendar.hold(NINE, NINE + HOUR, now=NINE)
    with pytest.raises(Taken):
        calendar.hold(NINE + HOUR / 2, NINE + 2 * HOUR, now=NINE)


def test_a_hold_that_has_ended_is_worth_nothing() -> None:
    calendar = Calendar("room-2")
    hold = calendar.hold(NINE, NINE + HOUR, now=NINE, for_minutes=10)
    with pytest.raises(LookupError):
        calendar.confirm(hold, "c-881", now=NINE + timedelta(minutes=11))
    calendar.hold(NINE, NINE + HOUR, now=NINE + timedelta(minutes=11))
