"""Secrets: from the environment, or from a file."""

from pathlib import Path

from pydantic import SecretStr

from qa_bot.config import Settings
from qa_bot.errors import TelegramError


def webhook_secret(settings: Settings) -> str:
    """Give the secret that proves deliveries. Raises `TelegramError` if there is none."""
    chosen = settings.telegram
    secret = reveal(chosen.webhook_secret, chosen.webhook_secret_file, settings.folder)
    if not secret:
        msg = "a webhook needs a secret: set QA_BOT_TELEGRAM__WEBHOOK_SECRET, or name its file as webhook_secret_file"
        raise TelegramError(msg)
    return secret


def reveal(secret: SecretStr, file: str, folder: Path) -> str:
    """Give a secret, or the content of the file that holds it; nothing if there is neither.

    Raises:
        TelegramError: the file cannot be read.

    """
    if secret.get_secret_value() or not file:
        return secret.get_secret_value().strip()
    try:
        # Some editors begin a file with a mark that is no part of the secret.
        return (folder / Path(file).expanduser()).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError, RuntimeError) as exc:
        msg = f"the secret in {folder / file} cannot be read ({exc}): correct its name under [telegram] in config.toml"
        raise TelegramError(msg) from exc
