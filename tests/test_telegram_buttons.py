"""The buttons under answers: more of an answer, what stands around it, near passages."""

import pytest
from telegram_conversation import Talk, buttons, pieces
from telegram_emulator import faults
from telegram_emulator.parameters import Json
from telegram_emulator.people import Person
from telegram_library import long_paragraph

BUILDER = "Who built the lighthouse of Korrin?"
HORN = "How often does the fog horn sound?"
HIVES = "What does the beekeeper of Korrin sell at the market?"
UNKNOWN = "What is the capital of Mongolia?"
STALE = "I do not remember this answer any more. Ask again."


@pytest.fixture
def ann(talk: Talk) -> Person:
    """Give somebody who asks."""
    return talk.person()


def ask(talk: Talk, ann: Person, question: str = BUILDER) -> Json:
    """Let somebody ask; gives the last message of the answer."""
    return talk.says(ann, question)[-1]


def walk(talk: Talk, ann: Person, message: Json, button: str) -> list[str]:
    """Press a button until it is gone; gives the texts that were seen."""
    seen: list[str] = []
    while button in buttons(talk.now(message)):
        assert talk.presses(ann, talk.now(message), button) == ""
        seen.append(talk.now(message)["text"])
        assert len(seen) < 40, "there is no end to it"
    return seen


def test_an_answer_has_its_buttons(talk: Talk, ann: Person) -> None:
    """More, Context, and votes."""
    assert buttons(ask(talk, ann)) == ["More ▶", "Context", "👍", "👎"]


def test_each_excerpt_has_its_own_context(talk: Talk, ann: Person) -> None:
    """Named by its number."""
    answer = ask(talk, ann, "How many passengers does the ferry to Korrin carry?")

    assert buttons(answer) == ["More ▶", "Context [1]", "Context [2]", "👍", "👎"]


def test_more_shows_the_next_passages_in_the_same_message(talk: Talk, ann: Person) -> None:
    """No new message comes; there is a way back, and their own contexts."""
    answer = ask(talk, ann)

    assert talk.presses(ann, answer, "More ▶") == ""

    [shown] = talk.shown(ann)
    assert shown["message_id"] == answer["message_id"]
    assert "\n[2] " in shown["text"]
    assert answer["text"].partition("\n")[0] not in shown["text"]
    assert {"◀ Back", "Context [2]", "Context [3]"} <= set(buttons(shown))


def test_more_comes_to_an_end(talk: Talk, ann: Person) -> None:
    """Every further passage is shown once, and the last message has no More."""
    answer = ask(talk, ann)

    seen = walk(talk, ann, answer, "More ▶")

    numbers = [int(line[1:].partition("]")[0]) for text in seen for line in text.splitlines() if line.startswith("[")]
    assert numbers == list(range(2, 2 + len(numbers)))
    assert len(numbers) >= 5


def test_back_leads_to_the_answer_as_it_was(talk: Talk, ann: Person) -> None:
    """Text, formatting and buttons."""
    answer = ask(talk, ann)
    walk(talk, ann, answer, "More ▶")

    walk(talk, ann, answer, "◀ Back")

    assert [talk.now(answer)[name] for name in ("text", "entities", "reply_markup")] == [
        answer[name] for name in ("text", "entities", "reply_markup")
    ]


def test_more_of_a_long_answer_shows_its_other_parts(talk: Talk, ann: Person) -> None:
    """So that the whole paragraph has been seen at the end."""
    messages = talk.says(ann, HIVES)
    seen = [message["text"] for message in messages] + walk(talk, ann, messages[-1], "More ▶")

    sentences = long_paragraph().replace(". ", ".|").split("|")
    assert [sentence for sentence in sentences if not any(sentence in text for text in seen)] == []


def test_context_shows_the_neighbours(talk: Talk, ann: Person) -> None:
    """The excerpt itself is a quotation among them, and the lines are named."""
    answer = ask(talk, ann, HORN)

    assert talk.presses(ann, answer, "Context") == ""

    shown = talk.now(answer)
    assert shown["text"] == (
        "The keeper of the lighthouse was Jonas Weld for forty years. He lived in the cottage below the tower.\n\n"
        "The fog horn sounds every thirty seconds. Ships hear it at a distance of nine miles.\n\n"
        "A storm broke the gallery in the winter of 1902. The repairs took three months and eleven masons.\n\n"
        "The lighthouse of Korrin · lines 7 to 11"
    )
    assert pieces(shown, "expandable_blockquote") == [shown["text"].split("\n\n")[1]]
    assert buttons(shown) == ["◀ Earlier", "Later ▶", "↩ Answer"]


@pytest.mark.parametrize(
    ("button", "back", "last_line"),
    [
        ("◀ Earlier", "Later ▶", "# The lighthouse of Korrin"),
        ("Later ▶", "◀ Earlier", "A small museum shows the old lens."),
    ],
)
def test_context_leads_to_the_ends_of_the_document(
    talk: Talk, ann: Person, button: str, back: str, last_line: str
) -> None:
    """And no further; the way back passes the same pages."""
    answer = ask(talk, ann, HORN)
    talk.presses(ann, answer, "Context")
    beside = talk.now(answer)["text"]

    seen = walk(talk, ann, answer, button)

    assert last_line in seen[-1]
    assert buttons(talk.now(answer)) == [back, "↩ Answer"]
    for expected in [*seen[-2::-1], beside]:
        talk.presses(ann, talk.now(answer), back)
        assert talk.now(answer)["text"] == expected


def test_context_shows_every_paragraph_once(talk: Talk, ann: Person) -> None:
    """Whoever pages through has read the whole document."""
    answer = ask(talk, ann, HORN)
    talk.presses(ann, answer, "Context")
    pages = [talk.now(answer)["text"]]
    pages = [*walk(talk, ann, answer, "◀ Earlier")[::-1], *pages]
    while len(pages) > 1 and talk.now(answer)["text"] != pages[-1]:
        talk.presses(ann, talk.now(answer), "Later ▶")
    pages += walk(talk, ann, answer, "Later ▶")

    paragraphs = [part for page in pages for part in page.split("\n\n")[:-1]]
    assert len(paragraphs) == len(set(paragraphs)) == 10


def test_context_of_a_paragraph_longer_than_a_message_fits(talk: Talk, ann: Person) -> None:
    """It is cut at the end of a sentence, and says so."""
    answer = ask(talk, ann, HIVES)

    talk.presses(ann, answer, "Context")

    assert ". […]\n\n" in talk.now(answer)["text"]
    assert len(talk.now(answer)["text"]) < 4096


def test_answer_leads_back_from_context(talk: Talk, ann: Person) -> None:
    """To what the message showed at first."""
    answer = ask(talk, ann, HORN)
    talk.presses(ann, answer, "Context")
    talk.presses(ann, talk.now(answer), "◀ Earlier")

    assert talk.presses(ann, talk.now(answer), "↩ Answer") == ""

    assert (talk.now(answer)["text"], buttons(talk.now(answer))) == (answer["text"], buttons(answer))


def test_the_last_message_of_a_long_answer_comes_back(talk: Talk, ann: Person) -> None:
    """Not its first."""
    answer = ask(talk, ann, HIVES)
    talk.presses(ann, answer, "Context")

    talk.presses(ann, talk.now(answer), "↩ Answer")

    assert talk.now(answer)["text"] == answer["text"]


def test_a_near_passage_is_marked_as_no_answer(talk: Talk, ann: Person) -> None:
    """It is shown in place of the reply, with its citation."""
    reply = ask(talk, ann, UNKNOWN)

    assert talk.presses(ann, reply, buttons(reply)[0]) == ""

    shown = talk.now(reply)
    assert shown["text"].startswith("Not an answer, but near:\nتأسست مكتبة كورين")
    assert shown["text"].endswith("[1] مكتبة كورين · line 3 · library.md")
    assert buttons(shown) == ["↩ Answer", "Context"]


def test_a_near_passage_has_a_context_and_a_way_back(talk: Talk, ann: Person) -> None:
    """As an excerpt has."""
    reply = ask(talk, ann, UNKNOWN)
    talk.presses(ann, reply, buttons(reply)[0])

    talk.presses(ann, talk.now(reply), "Context")
    assert talk.now(reply)["text"].endswith("مكتبة كورين · lines 1 to 5")

    talk.presses(ann, talk.now(reply), "↩ Answer")
    assert [talk.now(reply)[name] for name in ("text", "reply_markup")] == [reply["text"], reply["reply_markup"]]


@pytest.mark.parametrize("button", ["More ▶", "Context"])
def test_pressing_twice_does_no_harm(talk: Talk, ann: Person, button: str) -> None:
    """Both presses are answered, and the message shows what one press shows."""
    answer = ask(talk, ann)
    presses = [ann.presses(answer, button), ann.presses(answer, button)]
    talk.settle()

    assert [press.answer and press.answer["text"] for press in presses] == ["", ""]
    assert talk.now(answer)["text"] != answer["text"]
    assert len(talk.shown(ann)) == 1


def test_a_message_that_shows_it_already_is_left_alone(talk: Talk, ann: Person) -> None:
    """Telegram says that it is not modified, which is as good as modified."""
    answer = ask(talk, ann)
    data = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"].replace(":1:1", ":1:0")

    press = talk.sends_press(ann, answer, data)

    assert press.answer is not None
    assert press.answer["text"] == ""
    assert talk.now(answer)["text"] == answer["text"]


def test_a_press_that_came_too_late_for_an_answer_still_acts(talk: Talk, ann: Person) -> None:
    """Only the answer to the press is refused, as too old."""
    answer = ask(talk, ann)
    press = ann.presses(answer, "Context")
    [update] = talk.emulator.state.queue.pending()
    update.expires = float("inf")
    talk.emulator.pass_time(200)
    talk.settle()

    assert press.answer is None
    assert "query is too old" in str(talk.emulator.calls_of("answerCallbackQuery")[-1].error)
    assert "↩ Answer" in buttons(talk.now(answer))
    assert len(talk.shown(ann)) == 1


def test_a_press_whose_answer_is_flooded_does_no_harm(talk: Talk, ann: Person) -> None:
    """The message is changed, and nobody is told of an error."""
    answer = ask(talk, ann)
    talk.emulator.faults.plan("answerCallbackQuery", faults.flood(60))
    ann.presses(answer, "Context")
    talk.settle()

    assert "↩ Answer" in buttons(talk.now(answer))
    assert len(talk.shown(ann)) == 1


@pytest.mark.parametrize(
    "data",
    [
        "x", "m", "m:", "m:1", "m:one:1", "m:1:1:1:1", "c:1:1", "c:1:99:0", "n:1:99", "n:1", "q:1:1", "f:1", "f:77:1", "m:77:1",
        "m:-1:0", "f:1:9", "f:1:0", f"m:{10**30}:1", f"m:1:{10**30}", "c:1:1:x", "::", "m:1:1\n", "é:1:1",
    ],
)  # fmt: skip
def test_a_press_that_means_nothing_is_answered_kindly(talk: Talk, ann: Person, data: str) -> None:
    """Whatever a program sends; the message stays, and nothing is noted."""
    answer = ask(talk, ann)

    press = talk.sends_press(ann, answer, data)

    assert press.answer is not None
    assert press.answer["text"] in {STALE, "There is nothing more.", ""}
    assert len(talk.shown(ann)) == 1
    assert talk.database.all("SELECT * FROM votes") == []


def test_context_beyond_the_document_says_that_there_is_no_more(talk: Talk, ann: Person) -> None:
    """And leaves the message."""
    answer = ask(talk, ann)

    press = talk.sends_press(ann, answer, "c:1:1:50")

    assert press.answer is not None
    assert press.answer["text"] == "There is nothing more."
    assert talk.now(answer)["text"] == answer["text"]


def test_an_answer_of_another_chat_is_not_shown(talk: Talk, ann: Person) -> None:
    """A program that sends another number learns nothing of what others asked."""
    talk.says(ann, BUILDER)
    talk.says(ann, "and when?")
    bob = talk.person("Bob")
    answer = ask(talk, bob, "Who is the headmaster of the school?")

    press = talk.sends_press(bob, answer, "m:2:0")

    assert press.answer is not None
    assert press.answer["text"] == STALE
    assert talk.now(answer)["text"] == answer["text"]
