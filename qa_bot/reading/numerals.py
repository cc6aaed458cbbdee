"""Numbers as documents write them before paragraphs: in digits, letters, or Roman."""

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LARGEST_ROMAN = 3_999
LETTERS = 26


def roman(number: int) -> str:
    """Write a number in small Roman letters, or in digits where it is too large for them."""
    if not 0 < number <= LARGEST_ROMAN:
        return str(number)
    parts = []
    for worth, letters in ROMAN:
        times, number = divmod(number, worth)
        parts.append(letters * times)
    return "".join(parts)


def letters(number: int) -> str:
    """Write a number as a letter; z is followed by aa, bb, cc. Large ones are in digits."""
    if not 0 < number <= LETTERS * LETTERS:
        return str(number)
    return chr(ord("a") + (number - 1) % LETTERS) * ((number - 1) // LETTERS + 1)
