"""Which questions ask about a document itself, and what is found for them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from stand_ins import SeedWriter, WordEncoder
from test_evidence import weights_of

from qa_bot.asked_role import answers_alone, asked_role
from qa_bot.calibration import sigmoid
from qa_bot.evidence import Judge
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, open_current
from qa_bot.models.identity import Identity
from qa_bot.reader.reading import Passage
from qa_bot.reader.spans import Reading
from qa_bot.records import Evidence, Hit, Role
from qa_bot.retriever import encode_question, retrieve

SEEDS = {
    "bridge.txt": "Bridge opens at last\n\nBy Ann Smith\n\nThe town has a bridge. The headline act sang.",
    "mill.txt": "Old mill burns\n\nBy Bob Jones\n\nThe mill burned in spring.",
}


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("What is the headline of the article?", Role.TITLE),
        ("the story's title", Role.TITLE),
        ("Give me the headline", Role.TITLE),
        ("what is this piece called?", Role.TITLE),
        ("How is the article headed?", Role.TITLE),
        ("What does the headline say?", Role.TITLE),
        ("What is the article about?", Role.TITLE),
        ("what's this all about", Role.TITLE),
        ("According to the headline, who escalates the offensive?", Role.TITLE),
        ("Per the title, which push is intensified?", Role.TITLE),
        ("What does the title call the general?", Role.TITLE),
        ("Which word does the headline put before the name?", Role.TITLE),
        ("Who wrote this article?", Role.BYLINE),
        ("Who wrote the newspaper story on the ferry?", Role.BYLINE),
        ("who is the author of the report", Role.BYLINE),
        ("Which website published the story?", Role.BYLINE),
        ("Where does this text come from?", Role.BYLINE),
        ("By whom was the article written?", Role.BYLINE),
        ("For which publication was this report specially written?", Role.BYLINE),
        ("Which news organization carried this story?", Role.BYLINE),
        ("What news site is this from?", Role.BYLINE),
        ("On which site did this article appear?", Role.BYLINE),
        ("Which news site did this article appear on?", Role.BYLINE),
        ("Who published this?", Role.BYLINE),
        ("What is the source of this article?", Role.BYLINE),
        ("Who is credited with the report?", Role.BYLINE),
        ("author?", Role.BYLINE),
        ("What does the byline say?", Role.BYLINE),
        ("Who took the photo of the troops?", Role.CAPTION),
        ("What does the picture show?", Role.CAPTION),
        ("Who is in the photos?", Role.CAPTION),
        ("What does the photo caption say?", Role.CAPTION),
        ("Where were the soldiers photographed?", Role.CAPTION),
        ("What is the title of Wagner's last opera?", None),
        ("What title did he hold?", None),
        ("Did the title give him the right to vote?", None),
        ("Who wrote Emma?", None),
        ("Which article of the treaty forbids it?", None),
        ("Who is the author of the article 12 draft?", None),
        ("What is the author of the post looking for?", None),
        ("Which newspaper reported the operation?", None),
        ("Who directed the motion picture?", None),
        ("Who won in the title fight?", None),
        ("Who published this novel?", None),
        ("What is the report about Leon?", None),
        ("Was this about Leon?", None),
        ("What is the source of the Nile?", None),
        ("Who is the author of Emma?", None),
    ],
)
def test_what_a_question_asks_for(question: str, role: Role | None) -> None:
    """Only with a word for the document itself does a question ask about it."""
    assert asked_role(question) is role


@pytest.mark.parametrize(
    ("role", "question"),
    [
        (Role.TITLE, "What is the headline of the article?"),
        (Role.TITLE, "What does the headline say?"),
        (Role.BYLINE, "Who wrote this article?"),
        (Role.CAPTION, "What does the caption say?"),
        (Role.CAPTION, "photo caption"),
    ],
)
def test_what_is_asked_for_itself_answers(role: Role, question: str) -> None:
    """A title is the answer to a question for the title, and a byline is one."""
    assert [each for each in Role if answers_alone(each, question)] == [role]


@pytest.mark.parametrize(
    "question",
    ["Per the headline, who won?", "What does the title say of Leon?", "What does the picture show?", "Who won?"],
)
def test_what_is_only_looked_at_may_not_answer(question: str) -> None:
    """A title may say this or that, as a caption may."""
    assert not any(answers_alone(role, question) for role in Role)


class Misled:
    """A reader that is nearly certain of one paragraph, and thinks nothing of the others."""

    identity = Identity("misled", "0")
    languages = None

    def load(self) -> None:
        """Do nothing."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Prefer the paragraph that holds the question's word."""
        scores = [9.0 if "headline" in passage.text and "headline" in question else -20.0 for passage in passages]
        return [
            Reading((s,) * len(p.sentences), (None,) * len(p.sentences)) for s, p in zip(scores, passages, strict=True)
        ]


def weigh(tmp_path: Path, write_seeds: SeedWriter, question: str, judge: Judge) -> list[Evidence]:
    """Ask one question of both documents."""
    update(tmp_path / "index", write_seeds(SEEDS), WordEncoder(), progress=no_progress)
    with open_current(tmp_path / "index") or pytest.fail("there is no index") as index:
        encoded = encode_question(question, WordEncoder(), index.lexical)
        return judge.weigh(encoded, retrieve(encoded, index, judge.weights.ranking, limit=6), index)


def words(item: Evidence) -> str:
    """Give the words of a hit."""
    return item.document.text[item.paragraph.start : item.paragraph.end]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is the headline of the article about the mill?", "Old mill burns"),
        ("What is the headline of the article about the bridge?", "Bridge opens at last"),
        ("Who wrote the story about the burned mill?", "By Bob Jones"),
        ("Who wrote the story about the bridge?", "By Ann Smith"),
        ("According to the headline, what became of the mill?", "Old mill burns"),
    ],
)
def test_the_document_that_fits_best_gives_title_and_byline(
    tmp_path: Path, write_seeds: SeedWriter, question: str, first: str
) -> None:
    """Though a byline has no word of what its document is about, and another paragraph holds the word "headline"."""
    assert words(weigh(tmp_path, write_seeds, question, Judge(weights_of(0, 0)))[0]) == first


def test_a_title_needs_no_reader_to_vouch_for_it(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """The reader's yes to another paragraph does not outweigh it, and the title is as sure as what a reader is sure of."""
    question = "What is the headline of the article about the bridge?"

    first, *_ = weigh(tmp_path, write_seeds, question, Judge(weights_of(-1, 2), reader=Misled(), reads=3))
    assert words(first) == "Bridge opens at last"
    assert first.read
    assert first.confidence == pytest.approx(sigmoid(-1 + 2))


GUIDE = "The puppet museum of Korrin\n\nIt is open from ten to five.\n\nNo dog may enter."


def test_a_title_stands_behind_what_it_names(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Though it has more words of the question than the answer has."""
    update(tmp_path / "index", write_seeds({**SEEDS, "guide.txt": GUIDE}), WordEncoder(), progress=no_progress)
    with open_current(tmp_path / "index") or pytest.fail("there is no index") as index:
        encoded = encode_question("When is the puppet museum of Korrin open?", WordEncoder(), index.lexical)
        hits = retrieve(encoded, index, weights_of(0, 0).ranking, limit=9)
        texts = [text_of(index, hit) for hit in hits]
        nearest = text_of(index, max(hits, key=lambda hit: hit.scores.paragraph))

    assert texts[:2] == ["It is open from ten to five.", "The puppet museum of Korrin"]
    assert nearest == "The puppet museum of Korrin"


def text_of(index: Generation, hit: Hit) -> str:
    """Give the words of a hit."""
    name, paragraph = index.store.paragraph(hit.paragraph)
    return index.store.document(name).text[paragraph.start : paragraph.end]
