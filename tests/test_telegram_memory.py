"""What the bot remembers of its answers, and what people said of them as a question set."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram_answers import answer_of, document_from, excerpts_of

from qa_bot.channels.telegram.chats import Chats
from qa_bot.channels.telegram.database import Database, days_ago
from qa_bot.channels.telegram.feedback import question_set
from qa_bot.channels.telegram.memory import Memory, Place, Remembered
from qa_bot.channels.telegram.quotes import Quotes
from qa_bot.evaluation.questions import GoldQuestion, load_questions

MINUTE = 1 / 1_440


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a new database."""
    with Database(tmp_path / "telegram.sqlite3") as database:
        yield database


@pytest.fixture
def memory(database: Database) -> Memory:
    """Give a memory without anything in it."""
    return Memory(database)


def keep(
    memory: Memory, question: str = "When is tea?", *totals: float, chat: str = "c", person: str = "ann",
    thread: int = 0, asked: int = 1, meant: str = "", text: str = "Tea is at four. It rains.",
) -> Remembered:  # fmt: skip
    """Remember an answer; of an empty text, one that says that there is none."""
    excerpts = excerpts_of(document_from(text), *totals) if text else []
    answer = answer_of(*excerpts, question=meant or question)
    return memory.keep(Place(chat, person, thread, asked), question, "a note", answer, excerpts=3, threshold=0.25)


def age(database: Database, days: float, table: str = "answers") -> None:
    """Make everything in a table older."""
    database.do(f"UPDATE {table} SET made = made - ?", 86_400 * days)  # noqa: S608 - constants


def test_an_answer_is_remembered_as_it_was_given(memory: Memory) -> None:
    """With the words that were highlighted, both sentences if there were two."""
    kept = keep(memory, "And when?", 5.0, meant="When is tea?", thread=9)

    assert kept == Remembered(
        1, "c", 9, "And when?", "When is tea?", "a note", "answered", "Tea is at four.", 3, 0.25, 7
    )  # fmt: skip
    assert memory.answer(1) == kept
    assert keep(memory, "q", 5.0, 5.0).highlighted == "Tea is at four. It rains."
    assert (keep(memory, "q", text="").highlighted, keep(memory, "q", text="").status) == ("", "not_found")
    with pytest.raises(KeyError):
        memory.answer(99)


def test_messages_lead_to_their_answer(memory: Memory) -> None:
    """All of them do; one that shows a newer answer leads to that, and each chat counts for itself."""
    first, second = keep(memory, asked=4), keep(memory, asked=5)
    memory.sent(first.id, "c", [12, 11])
    memory.sent(second.id, "c", [13])

    assert [memory.in_message("c", number).id for number in (11, 12, 13)] == [first.id, first.id, second.id]
    assert memory.to_message("c", 4) == (first, [11, 12])
    with pytest.raises(KeyError):
        memory.in_message("other", 11)
    with pytest.raises(KeyError):
        memory.to_message("c", 6)

    revised = keep(memory, "When is supper?", asked=4)
    memory.sent(revised.id, "c", [11, 12])
    assert memory.to_message("c", 4) == (revised, [11, 12])
    assert memory.in_message("c", 11) == revised


def test_a_group_that_moves_keeps_its_answers(memory: Memory, database: Database) -> None:
    """Under its new name; a supergroup counts its messages anew, so the old numbers are forgotten."""
    old, new = database.pseudonym(-1), database.pseudonym(-100)
    kept = keep(memory, chat=old)
    memory.sent(kept.id, old, [11])
    Quotes(database).reach(kept.id, b"sealed")

    Chats(database).migrate(-1, -100)

    assert memory.latest(new, 0).chat == new
    with pytest.raises(KeyError):
        memory.latest(old, 0)
    with pytest.raises(KeyError):
        memory.in_message(new, 11)
    assert database.one("SELECT sealed FROM answers") == (None,)


def test_quotes_are_kept_as_long_as_their_answer(memory: Memory, database: Database) -> None:
    """With where it is, if it quotes anything; and forgotten with it."""
    quotes = Quotes(database)
    old, nothing = keep(memory, text="Tea is at four.\n\nIt rains."), keep(memory, text="", asked=2)
    for kept in (old, nothing):
        memory.sent(kept.id, "c", [kept.id])
        quotes.reach(kept.id, b"sealed")

    receipts = [str(quote.receipt) for quote in quotes.of(old.id)]
    assert [receipt.rpartition("-")[0] for receipt in receipts] == ["a.txt#0-15", "a.txt#17-26"]
    assert [(quote.version, quote.title, quote.words) for quote in quotes.of(old.id)] == [
        ("digest", "A title", "Tea is at four."), ("digest", "A title", "It rains."),
    ]  # fmt: skip
    assert (quotes.of(nothing.id), quotes.whereabouts(nothing.id)) == ([], None)
    assert quotes.whereabouts(old.id) == (b"sealed", [old.id])
    assert (quotes.doubtful(["digest"], 7), quotes.doubtful(["another"], 7)) == ([], [old.id])

    quotes.begin(old.id, "2026-11-25", [])
    age(database, 8)
    memory.prune(7)
    assert [database.one(f"SELECT count(*) FROM {table}") for table in ("answers", "quoted", "outdated")] == [(0,)] * 3  # noqa: S608 - constants


def test_the_latest_answer_is_the_persons_own(memory: Memory, database: Database) -> None:
    """In the same chat and topic, and not of long ago; without a person, anybody's of any age."""
    for person, thread in (("ann", 0), ("ben", 0), ("ann", 7)):
        keep(memory, f"{person} {thread}", person=person, thread=thread)

    assert memory.latest("c", 0, "ann").question == "ann 0"
    assert memory.latest("c", 0).question == "ben 0"
    assert memory.latest("c", 7, "ann").question == "ann 7"
    for chat, thread, person in (("c", 7, "ben"), ("d", 0, "ann"), ("c", 8, "ann")):
        with pytest.raises(KeyError):
            memory.latest(chat, thread, person)

    age(database, 29 * MINUTE)
    assert memory.latest("c", 0, "ann").question == "ann 0"
    age(database, 2 * MINUTE)
    assert memory.latest("c", 0).question == "ben 0"
    with pytest.raises(KeyError):
        memory.latest("c", 0, "ann")


@pytest.mark.parametrize(
    ("question", "expected"),
    [("When is tea?", True), ("  WHEN is\ntea ?!", True), ("When is tea", True), ("When is tea served?", False)],
)
def test_the_same_question_is_known_again(memory: Memory, question: str, expected: bool) -> None:  # noqa: FBT001
    """Case, blanks and the mark at the end aside; in this chat, and in reply to another message."""
    [asked] = memory._database.one("SELECT asked FROM answers WHERE id = ?", keep(memory).id)

    assert memory.has_been_answered("c", question, besides=asked + 1) is expected
    assert not memory.has_been_answered("c", question, besides=asked)
    assert not memory.has_been_answered("d", question, besides=asked + 1)


def test_a_person_has_one_vote(memory: Memory, database: Database) -> None:
    """The last one; an answer that is not known has none."""
    kept = keep(memory)
    for person, vote in (("ann", 1), ("ben", -1), ("ann", -1)):
        memory.vote(kept.id, person, vote)

    assert database.all("SELECT person, vote FROM votes ORDER BY person") == [("ann", -1), ("ben", -1)]
    with pytest.raises(KeyError):
        memory.vote(99, "ann", 1)


def test_gaps_are_grouped(memory: Memory) -> None:
    """The most frequent first, then the latest; each as it was last asked."""
    for asked, question in enumerate(
        ("When is supper?", "Who cooks?", "when  is SUPPER", "Who eats?", "Where?"), start=1
    ):
        keep(memory, question, asked=asked, text="")
    keep(memory, "When is tea?", asked=6)

    assert memory.gaps(3) == [("when  is SUPPER", 2), ("Where?", 1), ("Who eats?", 1)]
    assert len(memory.gaps(20)) == 4


def test_a_message_asked_in_other_words_is_one_gap(memory: Memory) -> None:
    """The words of its last edit count; once it is answered, none do."""
    keep(memory, "When is super?", asked=1, text="")
    keep(memory, "When is supper?", asked=1, text="")
    assert memory.gaps(20) == [("When is supper?", 1)]

    keep(memory, "When is tea?", asked=1)
    assert memory.gaps(20) == []


def test_what_people_found_helpful(memory: Memory) -> None:
    """More than did not; what nothing was found for is no answer that can be liked."""
    liked, disliked, torn, nothing, unread = (
        keep(memory, "liked?", 5.0, meant="What is liked?"), keep(memory, "disliked?", 5.0), keep(memory, "torn?"),
        keep(memory, "nothing?", text=""), keep(memory, "unread?"),
    )  # fmt: skip
    for kept, votes in ((liked, (1, 1, -1)), (disliked, (-1,)), (torn, (1, -1)), (nothing, (1,))):
        for person, vote in enumerate(votes):
            memory.vote(kept.id, f"{person}", vote)

    assert list(memory.liked()) == [("What is liked?", "Tea is at four.")]
    assert memory.disliked() == ["disliked?"]
    assert memory.answer(unread.id) == unread


def test_a_person_is_forgotten(memory: Memory, database: Database) -> None:
    """Everywhere: questions, answers, messages, votes of theirs and on their answers, gaps; nothing of others is."""
    anns, bens = keep(memory), keep(memory, person="ben")
    keep(memory, "A gap?", text="")
    keep(memory, "Another gap?", person="ben", text="")
    memory.sent(anns.id, "c", [11])
    memory.sent(bens.id, "c", [12])
    for kept in (anns, bens):
        for person in ("ann", "ben"):
            memory.vote(kept.id, person, 1)

    memory.forget("ann")

    assert database.all("SELECT DISTINCT person FROM answers") == [("ben",)]
    assert database.all("SELECT message FROM messages") == [(12,)]
    assert database.all("SELECT answer, person FROM votes") == [(bens.id, "ben")]
    assert memory.gaps(9) == [("Another gap?", 1)]
    tables = [table for (table,) in database.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        assert not [row for row in database.all(f"SELECT * FROM {table}") if "ann" in row]  # noqa: S608


def test_what_is_old_is_forgotten(memory: Memory, database: Database) -> None:
    """But for gold."""
    old = keep(memory)
    memory.sent(old.id, "c", [11])
    memory.vote(old.id, "ben", 1)
    keep(memory, "A gap?", text="")
    memory.keep_gold("old?", ["words"])
    for table in ("answers", "votes", "gaps", "gold"):
        age(database, 91, table)
    new = keep(memory)

    memory.prune(90)

    assert database.all("SELECT id FROM answers") == [(new.id,)]
    assert [database.all(f"SELECT * FROM {table}") for table in ("messages", "votes", "gaps")] == [[], [], []]  # noqa: S608
    assert list(memory.gold()) == [("old?", ["words"])]
    assert days_ago(90) > 0


def test_feedback_is_read_back_as_a_question_set(memory: Memory, tmp_path: Path) -> None:
    """Gold wins over votes, the last gold over an earlier one, and without words the documents do not answer."""
    strange = 'Who said “\u2028"\\\n😀”?'
    memory.keep_gold("When is tea?", ["At five."])
    memory.keep_gold("When is tea?", ["Tea is at four.", "at four"])
    memory.keep_gold("Who cooks?", [])
    for question in ("When is tea?", strange, "What rains?"):
        kept = keep(memory, question, 5.0)
        memory.vote(kept.id, "ann", -1 if question == "What rains?" else 1)

    lines = list(question_set(memory))

    file = tmp_path / "questions.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = load_questions(file)
    assert [(q.question, q.answers, q.relevant, q.category, q.answerable) for q in found] == [
        ("When is tea?", ("Tea is at four.", "at four"), None, "gold", True),
        ("Who cooks?", (), None, "gold", False),
        (strange, ("Tea is at four.",), None, "liked", True),
    ]
    assert len({q.id for q in found}) == 3
    assert all(isinstance(q, GoldQuestion) for q in found)
    assert list(question_set(memory)) == lines
    assert [json.loads(line)["id"] for line in lines] == [q.id for q in found]
