"""Numbers of chats, sealed: the file that holds them leads to nobody without the bot's token."""

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox


class Seal:
    """Closes and opens with one key."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes."""
        self._box = SecretBox(key)

    def close(self, number: int) -> bytes:
        """Seal a number; each time it looks different."""
        return bytes(self._box.encrypt(str(number).encode()))

    def open(self, sealed: bytes) -> int | None:
        """Give the number again; ``None`` if another key sealed it, or somebody has changed it."""
        try:
            return int(self._box.decrypt(sealed))
        except CryptoError:
            return None
