"""Secrets: from the environment, or from a file."""

from pathlib import Path

from pydantic import SecretStr

from qa_bot.errors import TelegramError


def reveal(secret: SecretStr, file: str, folder: Path) -> str:
    """Give a secret, or the content of the file that holds it; nothing if there is neither.

    Raises:
        TelegramError: the file cannot be read.

    """
    if secret.get_secret_value() or not file:
        return secret.get_secret_value().strip()
    path = folder / Path(file).expanduser()
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"the secret in {path} cannot be read ({exc}): correct its name under [telegram] in config.toml"
        raise TelegramError(msg) from exc
