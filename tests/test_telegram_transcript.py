"""The README's conversation in Telegram takes place as it is shown."""

import re
from pathlib import Path

from telegram_transcript import transcript

README = Path(__file__).resolve().parents[1] / "README.md"


def test_the_conversation_in_the_readme_is_real(tmp_path: Path) -> None:
    """Private chat, group and topic: each line is what the bot sends to Telegram."""
    shown = re.search(r"^```text\n(── Ann.*?)\n```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

    assert shown is not None
    assert list(transcript(tmp_path)) == shown[1].split("\n")
