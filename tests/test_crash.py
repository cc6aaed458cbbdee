import crash_rounds


def test_a_killed_update_loses_nothing() -> None:
    """Killed at any moment, an update leaves the old index or the new one, complete, and the next update succeeds."""
    result = crash_rounds.run(rounds=15, seed=20)

    assert result.rounds == 15
    assert result.published > 15
