"""What answers a question for certain, whatever a reader thinks, which has learnt from few such questions or from none."""

from qa_bot.abbreviations import spelt_out
from qa_bot.asked_role import answers_alone
from qa_bot.reader.spans import MOST_SURE, Offsets, Reading
from qa_bot.records import Document, Paragraph
from qa_bot.retriever import EncodedQuestion


def vouched_for(question: EncodedQuestion, document: Document, paragraph: Paragraph) -> Reading | None:
    """Read as a reader would that is sure: a title where a title is asked for, and a name spelt out where its letters are."""
    if question.role is not None and paragraph.role is question.role and answers_alone(question.role):
        return Reading((MOST_SURE,) * len(paragraph.sentences), (None,) * len(paragraph.sentences))
    if question.expectation.meaning is None:
        return None
    spans = _names(question.expectation.meaning, document, paragraph)
    return Reading(tuple(-MOST_SURE if span is None else MOST_SURE for span in spans), spans) if any(spans) else None


def _names(letters: str, document: Document, paragraph: Paragraph) -> tuple[Offsets | None, ...]:
    """Give what letters stand for in each sentence of a paragraph, as offsets in the paragraph."""
    spans: list[Offsets | None] = []
    for sentence in paragraph.sentences:
        span = spelt_out(document.text[sentence.start : sentence.end], letters)
        start = sentence.start - paragraph.start
        spans.append(None if span is None else (start + span[0], start + span[1]))
    return tuple(spans)
