from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.answering import MAX_HIGHLIGHTS, check, highlights, quote, select
from qa_bot.errors import GateError
from qa_bot.receipts import Receipt
from qa_bot.records import (
    Block,
    Document,
    Evidence,
    Excerpt,
    Hit,
    Paragraph,
    Role,
    Scores,
    Sentence,
    SentenceScores,
    Signals,
    Status,
)
from qa_bot.splitting import split

NO_SCORES = Scores(paragraph=0, sentence=0, lexical=0, late=0, total=0)
NO_SIGNALS = Signals(coverage=0, cosine=0, late=0, type=0, known=0, lead=0, reader=0)
TEXT = "Intro stands here.\n\nHaftar spoke. The city fell in June. Nobody came.\n\nHaftar spoke again.\n"


def document_of(text: str, name: str = "a.txt", role: Role = Role.BODY) -> Document:
    """Make a document with a paragraph between every two blank lines."""
    blocks, start = [], 0
    for part in text.split("\n\n"):
        blocks.append(Block(start, start + len(part.rstrip()), role))
        start += len(part) + 2
    return Document(name, "A title", f"https://example.org/{name}", text, tuple(blocks), "digest")


def evidence_of(
    document: Document, number: int = 1, *, confidence: float = 0.9, totals: Sequence[float] = ()
) -> Evidence:
    """Make evidence of a paragraph of a document, its sentences scored as said; the first one best if nothing is said."""
    paragraph = split(document)[number - 1]
    count = len(paragraph.sentences)
    scored = totals or [float(count - at) for at in range(count)]
    assert len(scored) == count
    sentences = tuple(SentenceScores(coverage=0, cosine=0, late=0, type=0, reader=0, total=total) for total in scored)
    return Evidence(
        Hit(number, number, NO_SCORES), document, paragraph, sentences, NO_SIGNALS,
        read=False,
        type=0.5, explains=False, answer=None, confidence=confidence,
    )  # fmt: skip


def passages(*texts: str, role: Role = Role.BODY, confidence: float = 0.9) -> list[Evidence]:
    """Make evidence of passages, each in a document of its own."""
    return [
        evidence_of(document_of(text, f"d{number}.txt", role), confidence=confidence)
        for number, text in enumerate(texts)
    ]


def shown(evidence: Sequence[Evidence]) -> list[str]:
    """Give the words of every excerpt of the answer that the evidence makes."""
    selection = select("Who?", evidence, threshold=0.5, excerpts=10, near=10)
    return [excerpt.text for excerpt in selection.shown]


def marked(excerpt: Excerpt) -> list[str]:
    """Give the words that are highlighted."""
    return [excerpt.evidence.document.text[mark.start : mark.end] for mark in excerpt.highlights]


def test_an_excerpt_is_the_paragraph_with_its_citation() -> None:
    """An excerpt quotes the whole paragraph, and its citation says where it stands, down to line and characters."""
    document = document_of(TEXT)
    paragraph = split(document)[1]

    excerpt = quote(evidence_of(document, 2, confidence=0.75, totals=[0, 9, 0]), 3)

    citation = excerpt.citation
    assert excerpt.text == "Haftar spoke. The city fell in June. Nobody came." == TEXT[citation.start : citation.end]
    assert (excerpt.number, excerpt.score, marked(excerpt)) == (3, 0.75, ["The city fell in June."])
    assert (citation.document, citation.title, citation.source) == ("a.txt", "A title", "https://example.org/a.txt")
    assert (citation.start, citation.end, citation.line, citation.paragraph) == (20, 69, 3, 2)
    assert (citation.page, citation.heading, citation.occurrence, citation.occurrences) == (None, None, 1, 1)
    assert Receipt.parse(excerpt.receipt) == Receipt.of(document, paragraph.start, paragraph.end)


def test_page_and_heading_are_cited() -> None:
    """Where a paragraph has a page and a heading, its citation names them."""
    evidence = evidence_of(document_of(TEXT))
    paragraph = replace(evidence.paragraph, page=7, heading="Part › Detail")

    citation = quote(replace(evidence, paragraph=paragraph), 1).citation

    assert (citation.page, citation.heading) == (7, "Part › Detail")


@pytest.mark.parametrize("change", ["The city fell in July", "the city fell in June", "The city  fell in June", ""])
def test_the_gate_refuses_changed_words(change: str) -> None:
    """An excerpt that differs from the document in a word, a letter's case or a blank is not sent."""
    document = document_of(TEXT)
    excerpt = quote(evidence_of(document, 2), 1)
    check(excerpt, document)

    with pytest.raises(GateError, match=r"a\.txt is not what the document says"):
        check(replace(excerpt, text=excerpt.text.replace("The city fell in June", change)), document)


def test_the_gate_refuses_a_changed_document() -> None:
    """An excerpt whose document has changed, has moved by a character, or is another one, is not sent."""
    document = document_of(TEXT)
    excerpt = quote(evidence_of(document, 2), 1)

    for other in (
        replace(document, text=TEXT.replace("June", "July")),
        replace(document, text=" " + TEXT),
        replace(document, text=""),
        replace(document, name="b.txt"),
    ):
        with pytest.raises(GateError):
            check(excerpt, other)


@pytest.mark.parametrize(
    "marks",
    [(), ((19, 33),), ((20, 70),), ((0, 5),), ((71, 81),), ((30, 25),), ((34, 56), (20, 33)), ((20, 40), (34, 56))],
    ids=["none", "too early", "too late", "before", "after", "backwards", "out of order", "overlapping"],
)
def test_the_gate_refuses_highlights_that_leave_the_excerpt(marks: tuple[tuple[int, int], ...]) -> None:
    """Every excerpt has a highlight, and highlights are inside it, in order, and apart."""
    document = document_of(TEXT)
    excerpt = quote(evidence_of(document, 2), 1)

    with pytest.raises(GateError, match=r"a highlight of a\.txt"):
        check(replace(excerpt, highlights=tuple(Sentence(*mark) for mark in marks)), document)


def test_evidence_that_is_out_of_place_is_never_quoted() -> None:
    """A paragraph whose sentences are not its own does not get through quoting, which passes the gate too."""
    document = document_of(TEXT)
    evidence = evidence_of(document, 2)
    paragraph: Paragraph = replace(evidence.paragraph, sentences=split(document)[2].sentences)

    with pytest.raises(GateError):
        quote(replace(evidence, paragraph=paragraph, sentences=evidence.sentences[:1]), 1)


@given(st.lists(st.floats(-5, 15), min_size=1, max_size=6))
def test_highlights_are_at_most_two_and_adjacent(totals: list[float]) -> None:
    """The best sentence is highlighted, and at most one other, which stands beside it and is the second best."""
    text = " ".join(f"Sentence number {number} is here." for number in range(len(totals)))
    evidence = evidence_of(document_of(text), totals=totals)

    chosen = highlights(evidence)

    numbers = [evidence.paragraph.sentences.index(sentence) for sentence in chosen]
    assert totals.index(max(totals)) in numbers
    assert numbers in ([numbers[0]], [numbers[0], numbers[0] + 1])
    assert len(numbers) <= MAX_HIGHLIGHTS == 2
    assert min(totals[number] for number in numbers) >= sorted(totals)[-len(numbers)]


@pytest.mark.parametrize(("start", "end"), [(20, 33), (19, 27), (34, 38)])
def test_the_gate_refuses_an_exact_answer_outside_of_its_highlight(start: int, end: int) -> None:
    """The words that a reader marks are words of the highlighted sentence."""
    document = document_of(TEXT)
    excerpt = quote(evidence_of(document, 2, totals=[3, 1, 0]), 1)
    assert marked(excerpt) == ["Haftar spoke."]

    check(replace(excerpt, answer=Sentence(20, 32)), document)
    with pytest.raises(GateError, match=r"^an exact answer of a\.txt leaves its highlight"):
        check(replace(excerpt, answer=Sentence(start, end + 1)), document)


def test_a_second_sentence_is_highlighted_only_if_nearly_as_good() -> None:
    """A neighbour that answers just as well is highlighted too; one far worse, or one not beside it, is not."""
    document = document_of(TEXT)

    def marks(*totals: float) -> list[str]:
        return marked(quote(evidence_of(document, 2, totals=totals), 1))

    assert marks(5, 5, 0) == ["Haftar spoke.", "The city fell in June."]
    assert marks(0, 5, 5) == ["The city fell in June.", "Nobody came."]
    assert marks(5, -5, 5) == ["Haftar spoke."]
    assert marks(9, 0, 0) == ["Haftar spoke."]
    assert len(marks(5, 5, 5)) == 2


def test_occurrences_are_numbered() -> None:
    """Where a paragraph's words stand several times in a document, the citation says which of how many is quoted."""
    document = document_of("Haftar spoke.\n\nOther words.\n\nHaftar spoke.\n\nThey say: Haftar spoke. So it is.")

    found = [quote(evidence_of(document, number), 1).citation for number in (1, 2, 3, 4)]

    assert [(citation.occurrence, citation.occurrences) for citation in found] == [(1, 3), (1, 1), (2, 3), (1, 1)]


def test_a_passage_printed_twice_is_cited_once() -> None:
    """Of two passages with the same words, in other documents or other marks, only the first is shown."""
    assert shown(passages("Haftar spoke in May, they say.", "Haftar spoke, in May – they say!", "Something else.")) == [
        "Haftar spoke in May, they say.",
        "Something else.",
    ]


def test_near_identical_captions_are_cited_once() -> None:
    """A caption of which another picture's is a cut version is shown once, whichever of them comes first."""
    long = "Libyan troops loyal to Khalifa Haftar sit on a carrier in Benghazi. /AFP"
    short = "Libyan troops loyal to Khalifa Haftar in Benghazi. /AFP"

    assert shown(passages(long, short, role=Role.CAPTION)) == [long]
    assert shown(passages(short, long, role=Role.CAPTION)) == [short]
    assert shown(passages(long, short, role=Role.BODY)) == [long, short]
    assert shown([*passages(long, role=Role.CAPTION), *passages(short, role=Role.BODY)]) == [long, short]


@pytest.mark.parametrize("role", [Role.BODY, Role.CAPTION])
def test_passages_that_differ_in_a_number_are_both_shown(role: Role) -> None:
    """Two reports that contradict each other in a number only are both shown."""
    six = "At least 6 people were killed and many wounded west of Benghazi when fighting broke out near the port."

    assert shown(passages(six, six.replace("6", "16"), role=role)) == [six, six.replace("6", "16")]
    assert shown(passages(six, six.replace("6 ", ""), role=role)) == [six, six.replace("6 ", "")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Dogs are allowed in the park.", "Dogs are not allowed in the park."),
        ("The library opens before noon.", "The library opens after noon."),
        ("Members can vote.", "Members can't vote."),
    ],
)
def test_passages_that_differ_in_a_small_word_are_both_shown(old: str, new: str) -> None:
    """The old rule and the new one are told apart, though all words with a subject are the same."""
    assert shown(passages(old, new)) == [old, new]
    assert shown(passages(old, old.upper())) == [old]


def test_passages_of_different_words_are_all_shown() -> None:
    """Passages that share their subject but say different things are all shown, in the order they were found."""
    texts = ["Haftar leads the army.", "The parliament appointed Haftar.", "Haftar lives in Benghazi."]

    assert shown(passages(*texts)) == texts


def test_not_found_offers_what_is_near() -> None:
    """Below the threshold there are no excerpts; the nearest passages are offered apart, as many as wanted, numbered."""
    evidence = passages("One thing.", "Another matter.", "Some fact.", confidence=0.49)

    selection = select("Who?", evidence, threshold=0.5, excerpts=3, near=2)

    assert (selection.status, selection.confidence) == (Status.NOT_FOUND, 0.49)
    assert (selection.shown, selection.further) == ((), ())
    assert [(excerpt.number, excerpt.text) for excerpt in selection.near] == [(1, "One thing."), (2, "Another matter.")]
    assert select("Who?", evidence, threshold=0.5, excerpts=3, near=0).near == ()


def test_what_is_far_behind_the_best_is_shown_only_if_more_is_wanted() -> None:
    """However sure the scores are of it: nobody has read it."""
    first, second, third = passages("One thing.", "Other things.", "Third things.")
    selection = select("Who?", [first, replace(second, behind=True), third], threshold=0.5, excerpts=3, near=3)

    assert [excerpt.text for excerpt in selection.shown] == ["One thing.", "Third things."]
    assert [excerpt.text for excerpt in selection.further] == ["Other things."]


def test_a_threshold_of_0_shows_what_is_far_behind() -> None:
    """Who wants no confidence wants as many excerpts as may be."""
    first, second = passages("One thing.", "Other things.")
    selection = select("Who?", [first, replace(second, behind=True)], threshold=0.0, excerpts=2, near=3)

    assert [excerpt.text for excerpt in selection.shown] == ["One thing.", "Other things."]


def test_an_answer_needs_only_reach_the_threshold() -> None:
    """A confidence equal to the threshold answers; then nothing is offered as near."""
    selection = select("Who?", passages("One thing.", confidence=0.5), threshold=0.5, excerpts=3, near=3)

    assert (selection.status, selection.near) == (Status.ANSWERED, ())
    assert [excerpt.text for excerpt in selection.shown] == ["One thing."]


def test_each_excerpt_shown_reaches_the_threshold() -> None:
    """Excerpts below the threshold, or beyond the number wanted, come after those shown, numbered on."""
    texts, confidences = ("Alpha.", "Bravo.", "Charlie.", "Delta."), (0.9, 0.2, 0.8, 0.7)
    evidence = [replace(item, confidence=c) for item, c in zip(passages(*texts), confidences, strict=True)]

    selection = select("Who?", evidence, threshold=0.5, excerpts=3, near=3)

    assert [(excerpt.number, excerpt.text) for excerpt in selection.shown] == [(1, "Alpha."), (2, "Charlie.")]
    assert [(excerpt.number, excerpt.text) for excerpt in selection.further] == [(3, "Bravo."), (4, "Delta.")]


def test_no_evidence_is_no_answer() -> None:
    """Without a single passage nothing is found, even where every confidence would do."""
    selection = select("Who?", [], threshold=0.0, excerpts=3, near=3)

    assert (selection.status, selection.confidence) == (Status.NOT_FOUND, 0.0)
    assert (selection.shown, selection.further, selection.near) == ((), (), ())
