"""Secrets: from the environment, or from a file."""

from pathlib import Path

from pydantic import SecretStr

from qa_bot.errors import ConfigError


def reveal(secret: SecretStr, file: str, folder: Path, *, section: str) -> str:
    """Give a secret, or the content of the file that holds it; nothing if there is neither.

    Raises:
        ConfigError: the file cannot be read; the message names the section that names it.

    """
    if secret.get_secret_value() or not file:
        return secret.get_secret_value().strip()
    try:
        # Some editors begin a file with a mark that is no part of the secret.
        return (folder / Path(file).expanduser()).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError, RuntimeError) as exc:
        msg = f"the secret in {folder / file} cannot be read ({exc}): correct its name under [{section}] in config.toml"
        raise ConfigError(msg) from exc
