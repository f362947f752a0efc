from configuration.flags import is_on


def test_raising_the_share_turns_nobody_off() -> None:
    accounts = [f"account-{n}" for n in range(1000)]
    before = {a for a in accounts if is_on("new_basket", 10, a)}
    after = {a for a in accounts if is_on("new_basket", 25, a)}
    assert before <= after
    assert 60 <= len(before) <= 140
