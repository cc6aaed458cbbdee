"""Scored sentences → Answer: which excerpts are shown, what is highlighted, and the gate that each must pass."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from qa_bot.conflicts import Statement, values
from qa_bot.errors import GateError
from qa_bot.receipts import Receipt
from qa_bot.records import Citation, Document, Evidence, Excerpt, Paragraph, Role, Sentence, Status
from qa_bot.terms import distinct_terms, function_words_of

# A second sentence is highlighted only if its score comes this close to the best one's; scores are fitted as logits of
# being the answering sentence, so that it is at least e^-.35 = .7 times as likely …
SECOND_SENTENCE_MARGIN = 0.35
# … and never a third: highlighting everything would highlight nothing.
MAX_HIGHLIGHTS = 2

# Passages with nearly the same words say the same thing, and only the better one is shown. Captions of one picture are
# cut to fit, so for them it is enough that the shorter one's words are nearly all in the longer one.
SAME_PASSAGE = 0.9
SAME_CAPTION = 0.8


# Sentences contradict each other only if they hold so much of the question's weight: "it costs 5 euros" may be about
# something else in each document.
ABOUT_THE_QUESTION = 0.6


@dataclass(frozen=True, slots=True)
class Selection:
    """What an answer shows: ``shown`` are its excerpts, ``further`` the next ones, ``near`` what is near but no answer.

    ``conflicts`` are the numbers of those that contradict each other.
    """

    status: Status
    confidence: float
    shown: tuple[Excerpt, ...]
    further: tuple[Excerpt, ...]
    near: tuple[Excerpt, ...]
    conflicts: tuple[int, ...] = ()


def select(question: str, evidence: Sequence[Evidence], *, threshold: float, excerpts: int, near: int) -> Selection:
    """Decide whether the evidence answers, and which excerpts to show.

    Passages of other documents that contradict the best one are shown with it, however few excerpts are wanted, and the
    newest document comes first.

    Args:
        question: what was asked.
        evidence: the best hits with their sentences scored, best first.
        threshold: the least confidence of an answer.
        excerpts: how many excerpts an answer shows at most; each must reach the threshold, and unless that is 0 none is far
            behind the best.
        near: how many passages are shown where nothing answers.

    """
    distinct = list(_distinct(evidence))
    confidence = distinct[0].confidence if distinct else 0.0
    if confidence < threshold or not distinct:
        return Selection(Status.NOT_FOUND, confidence, (), (), _quote(distinct[:near]))
    # What a reader would have to vouch for, and was not asked about, is not shown unasked; who wants no confidence wants all.
    sure = [item for item in distinct[1:] if item.confidence >= threshold and not (item.behind and threshold > 0)]
    against = [item for item in sure if _contradicts(item, distinct[0], question)]
    together = _newest_first([distinct[0], *against])
    shown = [*together, *(item for item in distinct[1:excerpts] if item in sure and item not in against)]
    rest = [item for item in distinct if item not in shown]
    quoted = _quote([*shown, *rest])
    conflicts = tuple(range(1, len(together) + 1)) if against else ()
    return Selection(Status.ANSWERED, confidence, quoted[: len(shown)], quoted[len(shown) :], (), conflicts)


def _contradicts(item: Evidence, best: Evidence, question: str) -> bool:
    """Whether the best sentences of two documents, each about what is asked, give two values for the same thing."""
    language = best.document.language
    if item.document.name == best.document.name or item.document.language != language:
        return False
    if min(evidence.sentences[evidence.best].coverage for evidence in (item, best)) < ABOUT_THE_QUESTION:
        return False
    first, second = (Statement.of(_best_sentence(evidence), language) for evidence in (best, item))
    return first.contradicts(second, question, language)


def _best_sentence(evidence: Evidence) -> str:
    sentence = evidence.paragraph.sentences[evidence.best]
    return evidence.document.text[sentence.start : sentence.end]


def _newest_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Order by the documents' dates; equally old ones stay in the order they were found."""
    return sorted(evidence, key=lambda item: item.document.day or "", reverse=True)


def _distinct(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """Leave out what says the same as a better passage: a caption printed twice, an article stored twice."""
    seen: list[_Passage] = []
    for item in evidence:
        passage = _Passage.of(item)
        if not any(_same(passage, other) for other in seen):
            seen.append(passage)
            yield item


class _Passage(NamedTuple):
    """What passages are compared by."""

    role: Role
    words: str
    language: str
    terms: frozenset[str]

    @classmethod
    def of(cls, item: Evidence) -> Self:
        """Take a paragraph; what its sentences hold has been looked up when they were scored."""
        text, language = item.document.text, item.document.language
        words = text[item.paragraph.start : item.paragraph.end]
        sentences = (distinct_terms(text[s.start : s.end], language) for s in item.paragraph.sentences)
        return cls(item.paragraph.role, words, language, frozenset().union(*sentences))

    @property
    def values(self) -> frozenset[str]:
        """Its numbers, and the days and months it names."""
        return frozenset(values(self.words, self.language))

    @property
    def function_words(self) -> frozenset[str]:
        """Its words without a subject, which may turn its sense."""
        return function_words_of(self.words, self.language)


def _same(passage: _Passage, other: _Passage) -> bool:
    # Two numbers for the same thing are a contradiction, which must be seen; so are "may" and "may not", "before" and "after".
    if not _alike(passage, other) or passage.values != other.values:
        return False
    # Of two captions one is often cut, so that they are told apart by the words with a subject alone.
    return passage.role is other.role is Role.CAPTION or passage.function_words == other.function_words


def _alike(passage: _Passage, other: _Passage) -> bool:
    common = len(passage.terms & other.terms)
    if passage.role is other.role is Role.CAPTION:
        return common >= SAME_CAPTION * min(len(passage.terms), len(other.terms))
    return common >= SAME_PASSAGE * len(passage.terms | other.terms)


def _quote(evidence: Iterable[Evidence]) -> tuple[Excerpt, ...]:
    return tuple(quote(item, number) for number, item in enumerate(evidence, start=1))


def quote(evidence: Evidence, number: int) -> Excerpt:
    """Quote a paragraph whole, with the sentences that answer highlighted, and let it through the gate."""
    document, paragraph = evidence.document, evidence.paragraph
    excerpt = Excerpt(
        number=number,
        text=document.text[paragraph.start : paragraph.end],
        citation=_cite(document, paragraph),
        highlights=highlights(evidence),
        answer=evidence.answer,
        score=evidence.confidence,
        receipt=str(Receipt.of(document, paragraph.start, paragraph.end)),
        evidence=evidence,
    )
    check(excerpt, document)
    return excerpt


def highlights(evidence: Evidence) -> tuple[Sentence, ...]:
    """Choose the sentence that answers best, and a second one beside it if it answers nearly as well."""
    scored = sorted(enumerate(evidence.sentences), key=lambda pair: -pair[1].total)
    (best, best_scores), *others = scored
    chosen = [best]
    if others:
        second, second_scores = others[0]
        if abs(second - best) == 1 and best_scores.total - second_scores.total < SECOND_SENTENCE_MARGIN:
            chosen.append(second)
    return tuple(evidence.paragraph.sentences[number] for number in sorted(chosen))


def check(excerpt: Excerpt, document: Document) -> None:
    """Prove, at the last moment before it is sent, that an excerpt is the document's own words.

    Raises:
        GateError: the words differ from the document's, or a highlight leaves the excerpt. Such an excerpt is not sent.

    """
    citation = excerpt.citation
    if document.name != citation.document or document.text[citation.start : citation.end] != excerpt.text:
        msg = f"an excerpt of {citation.document} is not what the document says: run qa-bot index --rebuild"
        raise GateError(msg)
    edges = [citation.start, *(edge for mark in excerpt.highlights for edge in (mark.start, mark.end)), citation.end]
    if edges != sorted(edges) or not excerpt.highlights:
        msg = f"a highlight of {citation.document} leaves its excerpt: run qa-bot index --rebuild"
        raise GateError(msg)
    answer = excerpt.answer
    if answer is not None and not any(
        mark.start <= answer.start < answer.end <= mark.end for mark in excerpt.highlights
    ):
        msg = f"an exact answer of {citation.document} leaves its highlight: run qa-bot index --rebuild"
        raise GateError(msg)


def _cite(document: Document, paragraph: Paragraph) -> Citation:
    occurrence, occurrences = _occurrence(document.text, paragraph.start, paragraph.end)
    return Citation(
        document=document.name,
        title=document.title,
        source=document.source,
        start=paragraph.start,
        end=paragraph.end,
        line=paragraph.line,
        paragraph=paragraph.number,
        page=paragraph.page,
        heading=paragraph.heading,
        occurrence=occurrence,
        occurrences=occurrences,
        date=document.date,
        changed=document.changed,
    )


def _occurrence(text: str, start: int, end: int) -> tuple[int, int]:
    """Tell which occurrence of the words in the text this one is, and of how many."""
    words = text[start:end]
    return text.count(words, 0, start) + 1, text.count(words, 0, start) + 1 + text.count(words, end)
