"""How many there are of something, in words."""


def counted(number: int, noun: str) -> str:
    """Say how many there are of what a noun with an s for its plural names."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
