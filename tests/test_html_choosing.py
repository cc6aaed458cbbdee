"""Which blocks of a page are chosen, given what the libraries keep."""

import pytest

from qa_bot.reading.html.choosing import choose, choose_all
from qa_bot.reading.html.links import Piece
from qa_bot.reading.html.words import runs_of, share_in, words_of
from qa_bot.records import Block, Role

HEADLINE = "The new bridge is open"
# By their first letters: A to E are prose, L is a long list, s is a short line.
TEXTS = {letter: " ".join(f"{letter}{number}" for number in range(25)) for letter in "ABCDE"}
TEXTS |= {"L": " ".join(f"L{number}" for number in range(40)), "s": "short line"}


def piece(name: str, *, role: Role | None = None, linked: float = 0, lines: bool = False, heading: str = "") -> Piece:
    """Make a block of the words that a letter stands for, or of these words."""
    text = TEXTS.get(name, name)
    return Piece(Block(0, len(text), role, heading or None, lines=lines), text, len(words_of(text)), linked)


def chosen(pieces: list[Piece], kept: str, readable: str) -> list[str]:
    """Choose, where the libraries keep the texts of these letters; give the beginnings of what is chosen."""
    libraries = [runs_of("\n".join(TEXTS.get(name, name) for name in names.split("|"))) for names in (kept, readable)]
    numbers = choose(pieces, kept=libraries[0], readable=libraries[1], title=HEADLINE)
    return [next((name for name, text in TEXTS.items() if text == pieces[n].text), pieces[n].text) for n in numbers]


def test_what_both_keep_is_chosen_with_what_trafilatura_keeps_between() -> None:
    """The article goes from the first to the last prose that both keep."""
    assert chosen([piece(name) for name in "ABCDE"], "B|C|D", "B|D") == ["B", "C", "D"]


def test_prose_far_from_the_article_is_left_out() -> None:
    """What trafilatura alone keeps is chosen near the article, and not far from it."""
    far = [piece(name) for name in ("A", "s", "s", "s", "B")]

    assert chosen(far, "A|B", "A") == ["A"]
    assert chosen([far[0], *far[2:]], "A|B", "A") == ["A", "B"]


def test_what_trafilatura_misses_is_added_if_it_is_much() -> None:
    """Prose that only readability keeps is added where trafilatura has stopped early."""
    assert chosen([piece(name) for name in "ABCDE"], "A|B|C|D", "A|B|C|D|E") == ["A", "B", "C", "D", "E"]


def test_what_trafilatura_misses_is_left_out_if_it_is_little() -> None:
    """A single paragraph beside a long article is a caption, say, and not the article."""
    many = [Piece(Block(0, 1), f"{TEXTS['A']} x{number}", 26, 0) for number in range(11)]

    assert len(chosen([*many, piece("B")], "|".join(p.text for p in many), TEXTS["A"] + "|B")) == len(many)


def test_readability_is_disregarded_where_it_looked_elsewhere() -> None:
    """Where the libraries agree on little, trafilatura is believed."""
    pieces = [piece(name) for name in ("A", "B", "C", "s", "s", "s", "D", "E")]

    assert chosen(pieces, "A|B|C|D", "D|E")[:4] == ["A", "B", "C", "D"]


def test_nothing_is_chosen_of_what_nobody_keeps() -> None:
    """Without a vote nothing is chosen."""
    assert chosen([piece("A")], "", "A") == []


@pytest.mark.parametrize(
    "out",
    [
        piece(HEADLINE),
        piece("new bridge is open", role=Role.HEADING),
        piece("B", role=Role.FURNITURE),
        piece("s", linked=0.8),
        piece("L", linked=0.8, lines=True),
        piece("A"),
    ],
    ids=["title", "part of the title", "furniture", "link", "list of links", "double"],
)
def test_some_blocks_are_never_chosen(out: Piece) -> None:
    """The title again, furniture, what leads elsewhere, and prose that stands twice are left out, whoever keeps them."""
    everything = f"A|B|C|L|s|{HEADLINE}"

    assert chosen([piece("A"), out, piece("C")], everything, everything) == ["A", "C"]


def test_lists_in_an_article_are_chosen_if_either_library_keeps_them() -> None:
    """A list that trafilatura passes by is taken from readability."""
    pieces = [piece("A"), piece("L", lines=True), piece("B")]

    assert chosen(pieces, "A|B", "A|B|L") == ["A", "L", "B"]
    assert chosen(pieces, "A|B", "A|B") == ["A", "B"]


def test_a_short_end_is_chosen_if_both_keep_it() -> None:
    """A last line too short for prose belongs to the article if both libraries say so."""
    assert chosen([piece("A"), piece("s"), piece("B")], "A|s", "A|s") == ["A", "s"]
    assert chosen([piece("A"), piece("s"), piece("B")], "A|s", "A") == ["A"]


@pytest.mark.parametrize(
    ("kept", "headings"), [("A|B|Before|Between|After", ["Before", "Between"]), ("A|B", ["Between"])]
)
def test_headings_are_chosen_with_what_they_head(kept: str, headings: list[str]) -> None:
    """A heading right above a chosen block is chosen; above the first, and only there, trafilatura must keep it."""
    pieces = [
        piece("Before", role=Role.HEADING),
        piece("A", heading="Before"),
        piece("Between", role=Role.HEADING),
        piece("B", heading="Between"),
        piece("After", role=Role.HEADING),
    ]

    assert [name for name in chosen(pieces, kept, "A|B") if len(name) > 1] == headings


def test_a_whole_page_is_all_but_furniture() -> None:
    """Of a page that is no article all is chosen but furniture, and links if they are not wanted."""
    pieces = [piece("A"), piece("B", role=Role.FURNITURE), piece("s", linked=1)]

    assert choose_all(pieces, links=True) == [0, 2]
    assert choose_all(pieces, links=False) == [0]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("one two three four", 1),
        ("- One, two THREE four!", 1),
        ("one two three five", 0),
        ("two", 0),
        ("", 0),
        ("あい", 1),
    ],
)
def test_words_are_compared_in_runs(text: str, share: float) -> None:
    """Words count where they stand in a row as in the other text, without regard to case, marks or the sign of an item."""
    assert share_in(text, runs_of("zero one two three four\nあい")) == share
