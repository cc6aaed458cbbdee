import telegram_kill_rounds


def test_a_killed_bot_leaves_nobody_without_an_answer() -> None:
    """Killed at any moment, it answers after the next start, once, or says that it may be the second time."""
    result = telegram_kill_rounds.run(rounds=3, seed=20)

    assert result.rounds == 3
    assert result.accepted > 10
