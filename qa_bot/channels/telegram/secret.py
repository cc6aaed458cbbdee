"""The secrets of the bot in Telegram."""

from pathlib import Path

from pydantic import SecretStr

from qa_bot import secret as secrets
from qa_bot.config import Settings
from qa_bot.errors import ConfigError, TelegramError


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
    try:
        return secrets.reveal(secret, file, folder, section="telegram")
    except ConfigError as exc:
        raise TelegramError(str(exc)) from exc
