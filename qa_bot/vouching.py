"""What answers a question for certain, whatever a reader thinks, which has learnt from few such questions or from none."""

from collections.abc import Callable

from qa_bot.abbreviations import spelt_out
from qa_bot.asked_role import answers_alone, asks_for_credit
from qa_bot.credits import credit
from qa_bot.reader.spans import MOST_SURE, Offsets, Reading
from qa_bot.records import Document, Paragraph, Role
from qa_bot.retriever import EncodedQuestion


def vouched_for(question: EncodedQuestion, document: Document, paragraph: Paragraph) -> Reading | None:
    """Read as a reader would that is sure, where a paragraph answers by being what it is or by how it is written.

    A title answers where a title is asked for, a credit where it is asked who took the picture, and a name spelt out where
    it is asked what letters stand for.
    """
    if question.role is not None and paragraph.role is question.role and answers_alone(question.role, question.text):
        return Reading((MOST_SURE,) * len(paragraph.sentences), (None,) * len(paragraph.sentences))
    if paragraph.role is Role.CAPTION and asks_for_credit(question.text):
        return _sure_of(credit, document, paragraph)
    letters = question.expectation.meaning
    return None if letters is None else _sure_of(lambda text: spelt_out(text, letters), document, paragraph)


def _sure_of(find: Callable[[str], Offsets | None], document: Document, paragraph: Paragraph) -> Reading | None:
    """Be sure of the sentences in which something is found, and of it as the answer, but not of the others."""
    spans: list[Offsets | None] = []
    for sentence in paragraph.sentences:
        span = find(document.text[sentence.start : sentence.end])
        start = sentence.start - paragraph.start
        spans.append(None if span is None else (start + span[0], start + span[1]))
    scores = tuple(-MOST_SURE if span is None else MOST_SURE for span in spans)
    return Reading(scores, tuple(spans)) if any(spans) else None
