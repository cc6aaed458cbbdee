"""``doctor`` asks Telegram whose token it is."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from telegram_emulator.http import HttpServer

ROOT = Path(__file__).resolve().parents[1]


def finding(settings: Mapping[str, str]) -> tuple[str, int]:
    """Let ``doctor`` look; gives its line about Telegram and its exit code."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    variables = {f"QA_BOT_TELEGRAM__{name}": value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "qa_bot", "doctor"],
        cwd=ROOT, env=kept | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    [line] = [line for line in done.stdout.splitlines() if " telegram: " in line]
    return line, done.returncode


def test_a_good_token_has_a_name(server: HttpServer) -> None:
    """Telegram is asked whose it is."""
    line, code = finding({"TOKEN": server.emulator.token, "BASE_URL": server.base_url})

    assert (line, code) == ("ok   telegram: the token is that of @qa_test_bot", 0)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TOKEN": "12345:wrong"}, "Telegram refuses the token: ask @BotFather for the right one"),
        ({"TOKEN_FILE": "nowhere"}, "the secret in "),
        (
            {"TOKEN": "12345:any", "BASE_URL": "http://127.0.0.1:1/bot"},
            "Telegram cannot be reached at http://127.0.0.1:1/bot",
        ),
        (
            {"TOKEN": "12345:any", "MODE": "webhook", "WEBHOOK_URL": "https://bot.example/hook"},
            "a webhook needs a secret: set QA_BOT_TELEGRAM__WEBHOOK_SECRET",
        ),
    ],
    ids=["refused", "no file", "no Telegram", "no secret"],
)
def test_what_is_wrong_is_said(server: HttpServer, settings: dict[str, str], said: str) -> None:
    """Each fault comes with the way to mend it, and makes the exit code 2."""
    line, code = finding({"BASE_URL": server.base_url} | settings)

    assert line.startswith(f"BAD  telegram: {said}")
    assert code == 2
