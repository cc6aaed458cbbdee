import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import ReceiptError
from qa_bot.receipts import Receipt, Verdict
from qa_bot.records import Block, Document, Paragraph
from qa_bot.splitting import split

# What BLAKE2b with 8 bytes makes of "ipsum".
DIGEST_OF_IPSUM = "7fcd8a222bcfced0"

offsets = st.integers(0, 10**12)
digests = st.text("0123456789abcdef", min_size=16, max_size=16)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def document(*paragraphs: str) -> Document:
    """Make a document of these paragraphs."""
    text = "\n\n".join(paragraphs)
    starts = [sum(len(before) + 2 for before in paragraphs[:number]) for number in range(len(paragraphs))]
    blocks = tuple(Block(start, start + len(words)) for start, words in zip(starts, paragraphs, strict=True))
    return Document("a.txt", "a", "a.txt", text, blocks, "0" * 64)


def paragraph(of: Document, number: int) -> Paragraph:
    """Give the paragraph of that number."""
    return split(of)[number - 1]


@given(names, offsets, offsets, digests)
def test_receipt_is_read_as_it_was_written(name: str, start: int, end: int, digest: str) -> None:
    """Any name, with blanks, line ends, hashes or dashes in it, survives being written and read."""
    receipt = Receipt(name, start, end, digest)

    assert Receipt.parse(str(receipt)) == receipt


@pytest.mark.parametrize(
    "name",
    ["a#1-2-0123456789abcdef", "a b#.txt", "ordner/ü.md", "#", "x#0-0-", "line\nend.txt", " a.txt", "\u3000.txt"],
)
def test_names_that_look_like_receipts(name: str) -> None:
    """The last part of a receipt is its own, however much the name looks like one."""
    receipt = Receipt(name, 3, 9, DIGEST_OF_IPSUM)

    assert Receipt.parse(str(receipt)) == receipt


def test_receipt_names_the_words() -> None:
    """A receipt is the document, the offsets and the digest of the words, in one form that does not change."""
    receipt = Receipt.of(document("Lorem ipsum dolor.", "Sit amet."), 6, 11)

    assert str(receipt) == f"a.txt#6-11-{DIGEST_OF_IPSUM}"


def test_blanks_after_a_receipt_do_not_matter() -> None:
    """A receipt may be pasted with blanks and a line end behind it."""
    assert Receipt.parse(f"a.txt#6-11-{DIGEST_OF_IPSUM} \n") == Receipt("a.txt", 6, 11, DIGEST_OF_IPSUM)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.txt",
        f"#6-11-{DIGEST_OF_IPSUM}",
        f"a.txt#6-{DIGEST_OF_IPSUM}",
        f"a.txt#-6-11-{DIGEST_OF_IPSUM}",
        f"a.txt#6-11-{DIGEST_OF_IPSUM[:-1]}",
        f"a.txt#6-11-{DIGEST_OF_IPSUM}0",
        f"a.txt#6-11-{DIGEST_OF_IPSUM.upper()}",
        f"a.txt 6-11-{DIGEST_OF_IPSUM}",
    ],
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    """Anything else is an error that shows the form."""
    with pytest.raises(ReceiptError) as caught:
        Receipt.parse(text)

    assert str(caught.value) == (
        "that is no receipt: it has the form document#start-end-digest, as ask --json prints it"
    )


def test_unchanged_words_are_intact() -> None:
    """Words that stand where they stood are intact, and what changed elsewhere does not matter."""
    before = document("One fish.", "Two fish.", "Red fish.")
    second = paragraph(before, 2)
    receipt = Receipt.of(before, second.start, second.end)
    after = document("Old fish.", "Two fish.", "Blue fish, and more.")

    assert receipt.check(after, split(after)) == (Verdict.INTACT, 11)


def test_words_elsewhere_are_moved() -> None:
    """Words that begin another paragraph now are moved, and their new place is given."""
    before = document("One fish.", "Two fish.")
    second = paragraph(before, 2)
    receipt = Receipt.of(before, second.start, second.end)
    after = document("A new beginning.", "One fish.", "Two fish. And more of it.")

    assert receipt.check(after, split(after)) == (Verdict.MOVED, 29)


@pytest.mark.parametrize(
    ("paragraphs", "place"),
    [
        (("One fish. Two fish. And more.",), 10),
        (("One fish.", "Note: Two fish."), 17),
        (("One fish.", "(Two fish.)"), 12),
    ],
    ids=["joined", "after a word", "in brackets"],
)
def test_words_inside_of_another_paragraph_are_moved(paragraphs: tuple[str, ...], place: int) -> None:
    """A blank line that was taken out, or a word put before, changes nothing of what was quoted."""
    before = document("One fish.", "Two fish.")
    second = paragraph(before, 2)
    after = document(*paragraphs)

    assert Receipt.of(before, second.start, second.end).check(after, split(after)) == (Verdict.MOVED, place)


@pytest.mark.parametrize(
    "paragraphs",
    [("One fish.", "Two fishes."), ("One fish.",), ("One fish.", "two fish."), ("One fish.", "He said: Two fish.")],
    ids=["longer", "gone", "other case", "inside another paragraph"],
)
def test_other_words_are_changed(paragraphs: tuple[str, ...]) -> None:
    """Words that stand nowhere any more are changed, and no place is given."""
    before = document("One fish.", "Two fish!")
    second = paragraph(before, 2)
    receipt = Receipt.of(before, second.start, second.end)
    after = document(*paragraphs)

    assert receipt.check(after, split(after)) == (Verdict.CHANGED, None)


def test_offsets_beyond_the_text_are_changed() -> None:
    """A receipt whose offsets lie outside the text is no error: its words are not there."""
    text = document("One fish.")

    assert Receipt("a.txt", 500, 509, DIGEST_OF_IPSUM).check(text, split(text)) == (Verdict.CHANGED, None)


def test_digest_is_of_the_words_alone() -> None:
    """The same words have the same digest in every document."""
    one, other = document("Two fish.", "Red fish."), document("Red fish.")

    assert Receipt.of(one, 11, 20).digest == Receipt.of(other, 0, 9).digest
