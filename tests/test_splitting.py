import itertools
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.errors import ReadError
from qa_bot.reading.entry import read
from qa_bot.reading.markdown import markdown_blocks
from qa_bot.reading.plain import plain_blocks
from qa_bot.records import Block, Document, Paragraph, Role
from qa_bot.splitting import split
from qa_bot.splitting.roles import role_of

PROJECT = Path(__file__).parent.parent
NAUGHTY_FILE = PROJECT.parent / "shared" / "data" / "hostile" / "naughty_strings.json"
# For machines that do not have the list.
FEW_NAUGHTY = [
    "", "\x00", "\ufeff", "\u200b", "\u2028\u2029\x85\x0b\x0c", "́́́", "👩‍👩‍👧 🏳️‍🌈 🇩🇪", "مرحبا. كيف حالك؟",
    "你好。世界！", "../../etc/passwd", "<!--", "<script>alert(1)</script>", "```", "- \n- \n", "[a]: b", "---\na\n---",
    "'\"’”``''", "a:\n\n- b", "(((((", "> > > > >", "| |\n|-|", "\x1b[31m", "%s%n{}", "1. 2. 3.", "#", "a\tb\t", ":",
]  # fmt: skip

# Pieces that Markdown, wrapping and sentence rules look at, so that random text hits them.
PIECES = [
    "\n", "\n\n", "\r\n", " ", "  ", "    ", "\t", "a", "The end. ", "Gen. ", "Sept. 20 ", "“", "”", '"', "'", "(", ")",
    "[3]", ". ", "? ", ":", "- ", "* ", "1. ", "a) ", "# ", "## ", "===", "---", "***", "```", "> ", "| a | b |\n|---|---|\n",
    "<!--", "-->", "<div>", "[a]: b", "\\", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u3000", "\ufeff", "😀", "é", "ß", "。",
    "word " * 20, "--", "–", "…", "/AFP/", "By ", "Login",
]  # fmt: skip
texts = st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)
MORE = settings(max_examples=300)
BLOCKS = {".txt": plain_blocks, ".md": markdown_blocks}

# The article of the seeds: number, line, role and number of sentences of its every paragraph.
ARTICLE = [
    (1, 1, Role.TITLE, 1),
    (2, 3, Role.BYLINE, 1),
    (3, 5, Role.BODY, 1),
    (4, 7, Role.BODY, 1),
    (5, 9, Role.CAPTION, 2),
    (6, 10, Role.CAPTION, 2),
    (7, 12, Role.BODY, 1),
    (8, 14, Role.BODY, 1),
    (9, 16, Role.BODY, 2),
    (10, 18, Role.BODY, 2),
    (11, 20, Role.BODY, 1),
    (12, 22, Role.BODY, 2),
    (13, 24, Role.BODY, 1),
    (14, 26, Role.BODY, 1),
    (15, 28, Role.BODY, 1),
    (16, 30, Role.BODY, 1),
    (17, 32, Role.BODY, 1),
    (18, 34, Role.FURNITURE, 1),
]


def normalised(text: str) -> str:
    """Give a text the line ends that every document has."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def document(text: str, suffix: str) -> Document:
    """Make a document as `read` does, without a file."""
    return Document("a", "a", "a", text, BLOCKS[suffix](text), "")


def inked(text: str, start: int, end: int) -> list[int]:
    """Give the offsets of the characters that are no blanks."""
    return [offset for offset in range(start, end) if not text[offset].isspace()]


def covered(text: str, spans: list[tuple[int, int]]) -> list[int]:
    """Give the offsets of the characters in these stretches, as often as they are in one."""
    return [offset for start, end in spans for offset in inked(text, start, end)]


def check_invariants(text: str, suffix: str) -> None:
    """Check that splitting loses nothing, doubles nothing and keeps the order."""
    paragraphs = split(document(text, suffix))

    assert covered(text, [(p.start, p.end) for p in paragraphs]) == inked(text, 0, len(text))
    assert [p.number for p in paragraphs] == list(range(1, len(paragraphs) + 1))
    assert [p.line for p in paragraphs] == [text.count("\n", 0, p.start) + 1 for p in paragraphs]
    assert all(before.end <= after.start for before, after in itertools.pairwise(paragraphs))
    for p in paragraphs:
        assert covered(text, [(s.start, s.end) for s in p.sentences]) == inked(text, p.start, p.end)
        edges = [p.start, *(edge for s in p.sentences for edge in (s.start, s.end)), p.end]
        assert edges == sorted(edges)
        assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in p.sentences)
    assert split(document(text, suffix)) == paragraphs


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@MORE
@given(text=texts.map(normalised))
def test_nothing_is_lost_or_doubled(suffix: str, text: str) -> None:
    """Every character that is no blank is in exactly one paragraph and one sentence of it, in order, for any text."""
    check_invariants(text, suffix)


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_hostile_strings_lose_nothing(suffix: str) -> None:
    """The same holds for strings that break programs, each alone, and all in one document."""
    strings = json.loads(NAUGHTY_FILE.read_text(encoding="utf-8")) if NAUGHTY_FILE.exists() else FEW_NAUGHTY

    for text in [*strings, "\n\n".join(strings), "\n".join(strings)]:
        check_invariants(normalised(text), suffix)


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@given(raw=st.binary(max_size=60) | texts.map(lambda text: text.encode("utf-8", "replace")))
def test_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, suffix: str, raw: bytes) -> None:
    """Whatever a file holds, it becomes a document that can be split, or is refused."""
    file = tmp_path_factory.mktemp("any") / f"a{suffix}"
    file.write_bytes(raw)
    try:
        text = read(file).text
    except ReadError:
        return
    check_invariants(text, suffix)


def test_article_of_the_seeds() -> None:
    """The article is split into exactly these paragraphs: captions on adjacent lines apart, the login line furniture."""
    paragraphs = split(read(PROJECT / "seeds" / "haftar-benghazi-offensive.txt"))

    assert [(p.number, p.line, p.role, len(p.sentences)) for p in paragraphs] == ARTICLE


def test_paragraph_takes_over_what_its_block_says() -> None:
    """Role, heading and page of a block are those of its paragraph; lines and numbers count from 1."""
    text = "Head\n\nOne. Two.\nThree.\n"
    blocks = (Block(0, 4, Role.HEADING), Block(6, 22, heading="Head", page=7, lines=True))

    paragraphs = split(Document("a", "a", "a", text, blocks, ""))

    assert [(p.number, p.start, p.end, p.line, p.role, p.heading, p.page) for p in paragraphs] == [
        (1, 0, 4, 1, Role.HEADING, None, None),
        (2, 6, 22, 3, Role.BODY, "Head", 7),
    ]
    assert [[text[s.start : s.end] for s in p.sentences] for p in paragraphs] == [["Head"], ["One.", "Two.", "Three."]]


def test_document_without_blocks_has_no_paragraphs() -> None:
    """Nothing splits into nothing."""
    empty: tuple[Paragraph, ...] = ()

    assert split(document("", ".txt")) == split(document(" \n", ".md")) == empty


def test_only_some_roles_are_quotable() -> None:
    """Headings and furniture say nothing alone; everything else may be quoted."""
    assert [role for role in Role if not role.quotable] == [Role.HEADING, Role.FURNITURE]


@pytest.mark.parametrize(
    "line",
    [
        "You must be logged in to post a comment Login",
        "You must log in to post a comment.",
        "Please sign in to leave a reply",
        "Log in",
        "Subscribe now!",
        "Leave a comment",
        "Comments are closed.",
        "12 comments",
        "Your email address will not be published. Required fields are marked *",
        "Share this article on Facebook, Twitter and WhatsApp",
        "Follow us on Twitter",
        "Subscribe to our weekly newsletter",
        "Read more…",
        "Related: What the vote means",
        "Popular posts",
        "ADVERTISEMENT - CONTINUE READING BELOW",
        "Story continues below advertisement",
        "Skip to main content",
        "We use cookies to improve your experience.",
        "Accept all cookies",
        "© 2024 The Daily News. All rights reserved.",
        "Privacy Policy | Terms of Service | Contact us",
        "Filed under: World",
        "* * *",
        "----------",
    ],
)
def test_furniture_of_web_pages_is_told(line: str) -> None:
    """Lines that web pages put around an article are furniture, wherever they stand."""
    assert [role_of(line, prose_before=before) for before in (True, False)] == [Role.FURNITURE] * 2


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law protects authors of literary works.",
        "Copyright 2019 was not renewed by the heirs, a court said.",
        "In 1923 Disney lost all rights reserved to him.",
        "(c) the board approves the budget",
        "You must be logged in to export your data.",
        "Please log in to the server and restart it.",
        "Join us for dinner on 5 May at the town hall.",
        "Share prices on Twitter fell.",
        "Comments are welcome until 5 May.",
        "Print the report.",
        "Read more books to learn faster.",
        "Register for the course by Friday.",
        "We use cookies and milk at four o'clock.",
        "Our site uses cookies only for the login.",
        "Subscribe to the RSS feed of the project.",
        "Related work on retrieval is described below.",
        "The author reserves all rights to the text.",
        "Advertisement spending rose by 5%.",
        "Privacy policy changes take effect in May.",
        "Contact us at the office in Main Street.",
        "Tags help readers find articles.",
        "Sign in the box below.",
        "Log in " + "or out, as the case may be, " * 20,
    ],
)
def test_content_is_not_taken_for_furniture(line: str) -> None:
    """A line that only begins like furniture is content: to hide an answer is worse than to show a line too many."""
    assert [role_of(line, prose_before=before) for before in (True, False)] == [Role.BODY] * 2


@pytest.mark.parametrize(
    "line",
    [
        "By John Smith",
        "by Jane Doe, staff writer",
        "Special to WorldTribune.com",
        "Written by Ann Lee",
        "From our correspondent in Cairo",
        "Author: A. Lee",
    ],
)
def test_bylines_stand_before_the_text(line: str) -> None:
    """A short line that names the author is a byline, but not once the text has begun."""
    assert [role_of(line, prose_before=before) for before in (False, True)] == [Role.BYLINE, Role.BODY]


def test_long_line_is_no_byline() -> None:
    """A sentence that begins with "By" is text."""
    line = "By noon the army had taken the town and the harbour and the airfield too."

    assert role_of(line, prose_before=False) is Role.BODY


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Libyan troops near Benghazi on Aug. 14. /AFP/Abdullah Doma", Role.CAPTION),
        ("The harbour at night (Photo: Ann Lee)", Role.CAPTION),
        ("The bridge. Photo by Ann Lee", Role.CAPTION),
        ("Photo: the bridge at dawn", Role.CAPTION),
        ("[Image: a map]", Role.CAPTION),
        ("The ratio of and/or is 5.", Role.BODY),
        ("He paid 5 USD/kg.", Role.BODY),
        ("The picture shows a bridge.", Role.BODY),
        ("Photography is an art.", Role.BODY),
        ("Photo: " + "a word " * 60, Role.BODY),
    ],
)
def test_captions_carry_a_credit(line: str, role: Role) -> None:
    """A line with the credit of a picture is its caption; one that only speaks of pictures is text."""
    assert role_of(line, prose_before=True) is role


def text_of(paragraph: Paragraph, text: str) -> list[str]:
    """Give the words of a paragraph's sentences."""
    return [text[s.start : s.end] for s in paragraph.sentences]


@pytest.mark.parametrize(
    ("text", "longest", "paragraphs"),
    [
        ("The well was dug in 1640. " * 800, 1_481, 15),
        ("word after word " * 2_000, 1_498, 22),
        ("x" * 21_001, 1_500, 15),
        ("a" + " " * 21_000 + "b", 1, 2),
    ],
    ids=["sentences", "no sentence ends", "no blanks", "nothing but blanks between"],
)
@pytest.mark.parametrize("lines", [False, True])
def test_text_without_a_break_is_cut(text: str, longest: int, paragraphs: int, *, lines: bool) -> None:
    """What is too long to be one paragraph becomes several, cut at sentence ends, else at blanks, and loses nothing."""
    block = Block(0, len(text.rstrip()), heading="Head", page=3, lines=lines)
    found = split(Document("a", "a", "a", f"{text.rstrip()}", (block,), ""))

    assert covered(text, [(p.start, p.end) for p in found]) == inked(text, 0, len(text))
    assert covered(text, [(s.start, s.end) for p in found for s in p.sentences]) == inked(text, 0, len(text))
    assert (max(p.end - p.start for p in found), len(found)) == (longest, paragraphs)
    assert {(p.heading, p.page, p.line, p.role) for p in found} == {("Head", 3, 1, Role.BODY)}
    assert [p.number for p in found] == list(range(1, paragraphs + 1))


def test_long_paragraph_stays_whole() -> None:
    """What people set as one paragraph is one, even if it is long."""
    text = ("The well was dug in 1640. " * 768).rstrip()

    [paragraph] = split(Document("a", "a", "a", text, (Block(0, len(text)),), ""))

    assert (paragraph.end, len(paragraph.sentences)) == (19_967, 768)


@pytest.mark.parametrize(
    ("unit", "sentences"),
    [("漢字。", 33_334), ("A no. 7! ", 11_112), ('a?" ', 67), ("word ", 67)],
    ids=["Chinese", "short sentences", "quotation marks", "no end"],
)
def test_time_to_split_grows_with_the_text_alone(unit: str, sentences: int) -> None:
    """A hundred thousand characters without a break take no more than a moment, whatever they are made of."""
    text = (unit * 100_000)[:100_000].rstrip()
    started = time.process_time()

    found = split(Document("a", "a", "a", text, (Block(0, len(text)),), ""))

    assert (sum(len(p.sentences) for p in found), time.process_time() - started < 2) == (sentences, True)


def test_sentences_are_the_same_in_long_texts() -> None:
    """Where the library is asked stretch by stretch, no sentence is cut and none is joined."""
    words = ["The well was dug in 1640. ", "Who dug it? ", "Gen. Hanno did, on Sept. 20. ", "It was “deep.” "]
    text = "".join(words * 100).rstrip()

    [*paragraphs] = split(Document("a", "a", "a", text, (Block(0, len(text)),), ""))

    assert [sentence for p in paragraphs for sentence in text_of(p, text)] == [word.rstrip() for word in words * 100]


def test_too_many_sentences_are_refused() -> None:
    """A text of nothing but ends of sentences is no text, and would fill the memory with vectors."""
    text = "Ab\n" * 300_001

    with pytest.raises(ReadError, match=r"^falls into more than 300,000 sentences: split it, or remove it$"):
        split(Document("a", "a", "a", text, (Block(0, len(text) - 1, lines=True),), ""))
