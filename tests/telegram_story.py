"""A conversation of two people with the bot, in all places where one can talk to it; the same over polling and webhook."""

from typing import Any

from telegram_emulator.chats import Chat
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person
from telegram_process import buttons

from qa_bot.channels.telegram import words

Json = dict[str, Any]

OPERATION = (
    "According to the UK’s Observer, Al-Jaorushi said the military operation would be moved on to the cities of Misrata, "
    "Tripoli and others in areas controlled by the Tripoli-based government after Benghazi was completely retaken.\n[1] "
)
LEON = "United Nations special envoy Bernardino Leon has announced the formulation of a draft agreement, "
KILLED = "At least six people were killed and ten wounded when fighting broke out on Sept. 19 west of Benghazi "
NOT_FOUND = words.NOT_FOUND
PATIENCE = 20.0


def ask(emulator: Emulator, person: Person, text: str, chat: Chat | None = None, thread: int = 0) -> Json:
    """Say something, and give the message that answers it."""
    before = len(bots(emulator, chat or person))
    person.says(text, chat=chat, thread=thread)
    emulator.wait_for_answers(chat or person, before + 1, timeout=PATIENCE)
    return bots(emulator, chat or person)[before]


def bots(emulator: Emulator, chat: Chat | Person) -> list[Json]:
    """Give the bot's messages in a chat."""
    return [message for message in emulator.shown(chat) if message["from"]["id"] == emulator.state.bot_id]


def press(emulator: Emulator, person: Person, message: Json, button: str) -> tuple[str, Json]:
    """Press a button, wait until the bot has dealt with it, and give what it said in passing and the message as it is now."""
    asked = person.presses(message, button)
    emulator.wait_until(lambda: asked.answer is not None, timeout=PATIENCE)
    assert asked.answer is not None
    place = emulator.state.chats[message["chat"]["id"]]
    [now] = [one for one in emulator.shown(place) if one["message_id"] == message["message_id"]]
    return str(asked.answer["text"]), now


def converse(emulator: Emulator, ann: Person, ben: Person) -> None:
    """Talk to the bot in private, by commands, in a group, in a topic and from elsewhere; Ann runs the bot."""
    assert ask(emulator, ann, "/start")["text"] == words.START
    in_private(emulator, ann)
    by_commands(emulator, ann, ben)
    in_a_group(emulator, ann, ben)
    in_a_topic(emulator, ann)
    from_elsewhere(emulator, ben)


def in_private(emulator: Emulator, ann: Person) -> None:
    """Ask, follow up, edit, press, vote."""
    answer = ask(emulator, ann, "To which cities would the operation move on?")
    assert answer["text"].startswith(OPERATION)
    assert buttons(answer) == [["More ▶"], ["Context"], ["👍", "👎"]]
    followed = ask(emulator, ann, "and who said that?")
    assert followed["text"].startswith(
        f"Asked in view of what came before: “To which cities would the operation move on?”\n\n{OPERATION}"
    )
    assert press(emulator, ann, answer, "👍")[0] == words.THANKS[1]
    assert press(emulator, ann, answer, "👎")[0] == words.THANKS[-1]
    assert buttons(press(emulator, ann, answer, "Context")[1]) == [["◀ Earlier", "Later ▶"], ["↩ Answer"]]
    assert press(emulator, ann, answer, "↩ Answer")[1]["text"] == answer["text"]

    unknown = ask(emulator, ann, "What does bread cost in Benghazi?")
    assert unknown["text"] == f"{NOT_FOUND}\n\n{words.NEAR}"
    near = press(emulator, ann, unknown, buttons(unknown)[0][0])[1]
    assert near["text"].startswith(words.NEAR_PASSAGE)
    [asked] = [message for message in emulator.shown(ann) if message["text"] == "What does bread cost in Benghazi?"]
    ann.edits(asked, "Who is Bernardino Leon?")
    emulator.wait_until(lambda: bots(emulator, ann)[3]["text"].startswith(LEON), timeout=PATIENCE)
    assert len(bots(emulator, ann)) == 4


def by_commands(emulator: Emulator, ann: Person, ben: Person) -> None:
    """Say every command, and send something that is no text."""
    unknown = "What does milk cost in Tripoli?"
    replies = {
        "/help": "Write a question.", "/sources": "haftar-benghazi-offensive.txt · ", unknown: NOT_FOUND, "/about": "qa_bot ",
        "/why": f"“{unknown}”\nNot found: ", "/gaps": f"{words.GAPS}\n1 × {unknown}", "/ask": words.WHAT_QUESTION,
        "/gold": words.GOLD_USAGE, "/reload": "The documents are up to date: ", "/nonsense": "Write a question.",
    }  # fmt: skip
    for said, reply in replies.items():
        assert ask(emulator, ann, said)["text"].startswith(reply), said
    settings = ask(emulator, ann, "/settings")
    assert "✓ 5" in buttons(press(emulator, ann, settings, "5")[1])[0]
    answer = ask(emulator, ben, "Who is Bernardino Leon?")
    before = len(bots(emulator, ann))
    ann.says("/gold none", reply_to=bots(emulator, ann)[1])
    ann.sends("voice")
    ann.sends("photo", caption="How many people were killed on Sept. 19?")
    assert [text[:20] for text in emulator.wait_for_answers(ann, before + 3, timeout=PATIENCE)[before:]] == [
        text[:20] for text in (words.GOLD_NONE, words.TEXT_ONLY, KILLED)
    ]
    assert ask(emulator, ben, "/gaps")["text"] == words.ADMINS_ONLY
    assert ask(emulator, ben, "/forget")["text"] == words.FORGOTTEN
    assert press(emulator, ben, answer, "Context")[0] == words.STALE


def in_a_group(emulator: Emulator, ann: Person, ben: Person) -> None:
    """Only what is addressed to the bot is answered, as a reply."""
    group = ann.creates_supergroup("Newsroom")
    ben.joins(group)
    ben.says("Morning, everyone.", chat=group)
    answer = ask(emulator, ben, "/ask How many people were killed on Sept. 19?", group)
    assert answer["text"].startswith(KILLED)
    assert answer["reply_to_message"]["text"] == "/ask How many people were killed on Sept. 19?"
    ben.says("and who said that?", chat=group, reply_to=answer)
    emulator.wait_for_answers(group, 2, timeout=PATIENCE)
    assert bots(emulator, group)[1]["text"].startswith("Asked in view of what came before: ")


def in_a_topic(emulator: Emulator, ann: Person) -> None:
    """Ask in a topic; the answer stands in it too."""
    forum = ann.creates_supergroup("Desk", forum=True)
    thread = ann.opens_topic(forum, "Libya")
    answer = ask(emulator, ann, "/ask Who is Bernardino Leon?", forum, thread)
    assert answer["text"].startswith(LEON)
    assert answer["message_thread_id"] == thread


def from_elsewhere(emulator: Emulator, ben: Person) -> None:
    """Type a question in another chat; what was typed first is not answered, what was typed last is."""
    hasty, typed = ben.asks_inline("To which"), ben.asks_inline("To which cities would the operation move on?")
    emulator.wait_until(lambda: typed.answer is not None, timeout=PATIENCE)
    assert typed.answer is not None
    assert typed.answer["results"][0]["shown"]["text"].startswith(OPERATION)
    assert hasty.answer is None


def press_old_button(emulator: Emulator, ann: Person) -> None:
    """Press a button under an answer of the time before the bot was started again."""
    answer = bots(emulator, ann)[1]
    assert answer["text"].startswith(OPERATION)
    shown = press(emulator, ann, answer, "More ▶")[1]
    assert buttons(shown)[0][0] == "◀ Back"
    assert press(emulator, ann, shown, "◀ Back")[1]["text"] == answer["text"]
