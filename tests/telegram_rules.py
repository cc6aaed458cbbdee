"""A conversation with a bot that has rules: who may ask, how much and how often, what it says in groups, how long it remembers."""

import contextlib
import re
import sqlite3
from collections.abc import Callable

from telegram_emulator.chats import Chat
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person
from telegram_process import BotProcess, buttons
from telegram_story import LEON, OPERATION, PATIENCE, ask, bots, press

from qa_bot.channels.telegram import words

CODE = "sesame-of-the-newsroom"
# In a minute; so few that a busy machine answers them before the next one is allowed.
MOST, MOST_IN_A_GROUP = 3, 2
CITIES = "To which cities would the operation move on?"
ENVOY = "Who announced a draft agreement?"
FIGHTING = "How many people were killed on Sept. 19?"
# Answered to whoever asks, but not as surely as what was asked of nobody has to be.
SAYING = "What did Al-Jaorushi say?"
UNKNOWN = "What does bread cost in Benghazi?"
TABLES = ("answers", "votes", "gaps", "gold", "invited")
TWO_DAYS = 2 * 86_400.0


def see_rules_kept(
    emulator: Emulator, make_bot: Callable[..., BotProcess], secrets: dict[str, str], **settings: object
) -> None:
    """Start a bot for Ann and for three groups, talk to it, stop it, and talk to it two days later."""
    emulator.state.bot["can_read_all_group_messages"] = True
    ann, ben = emulator.person("Ann"), emulator.person("Ben")
    newsroom, desk, night = map(ann.creates_supergroup, ("Newsroom", "Desk", "Night desk"))
    bot = make_bot(
        secrets={"token": emulator.token, "invitation_code": CODE} | secrets,
        access="listed", users=[ann.id], admins=[ann.id], chats=[newsroom.id, desk.id, night.id],
        questions_per_minute=MOST, group_questions_per_minute=MOST_IN_A_GROUP,
        answer_unasked=True, unasked_confidence=0.95, retention_days=1, **settings,
    ).start()  # fmt: skip

    who_may_ask(emulator, ann, ben)
    how_much(emulator, ben)
    how_often(emulator, emulator.person("Cleo"), newsroom)
    unasked(emulator, emulator.person("Dora"), desk, night)
    library = ann.creates_supergroup("Library")
    quietly(emulator, ann, library)
    how_long_it_remembers(emulator, bot, ann, library)
    assert bot.stop() == 0


def who_may_ask(emulator: Emulator, ann: Person, ben: Person) -> None:
    """Ann is listed. Ben learns nothing, anywhere, until he knows the code; then others still need it."""
    assert ask(emulator, ann, ENVOY)["text"].startswith(LEON)
    elsewhere = ben.creates_supergroup("Elsewhere")
    ben.says(f"/ask {CITIES}", chat=elsewhere)
    replies = {
        CITIES: words.INVITED_ONLY, "/start": words.INVITED_ONLY, "/sources": words.INVITED_ONLY,
        "/start sesame": words.WRONG_CODE, "/gaps": words.ADMINS_ONLY,
    }  # fmt: skip
    assert {said: ask(emulator, ben, said)["text"] for said in replies} == replies
    typed = ben.asks_inline(CITIES)
    emulator.wait_until(lambda: typed.answer is not None, timeout=PATIENCE)
    assert typed.answer is not None
    assert typed.answer["results"] == []

    assert ask(emulator, ben, f"/start {CODE}")["text"] == words.WELCOME
    answer = ask(emulator, ben, f"/ask {ENVOY}", elsewhere)
    assert answer["text"].startswith(LEON)
    assert bots(emulator, elsewhere) == [answer]
    assert ask(emulator, emulator.person("Stranger"), CITIES)["text"] == words.INVITED_ONLY


def how_much(emulator: Emulator, ben: Person) -> None:
    """Ask as long a question as is allowed, and one that is longer."""
    assert ask(emulator, ben, "?" * 2_001)["text"] == (
        "The question has 2001 characters, more than the 2000 allowed: ask more briefly."
    )
    assert ask(emulator, ben, f"{CITIES:?<2000}")["text"].startswith(OPERATION)


def how_often(emulator: Emulator, cleo: Person, newsroom: Chat) -> None:
    """Of what is asked in one breath so much is answered, and then kindly no more: in a listed group, and from one person."""
    cleo.joins(newsroom)
    replies = at_once(emulator, cleo, [f"/ask {CITIES}"] * (MOST_IN_A_GROUP + 1), newsroom)
    assert [reply.startswith(OPERATION) for reply in replies] == [True] * MOST_IN_A_GROUP + [False]
    assert 1 <= wait_asked_for(replies[-1], words.GROUP_TOO_FAST) <= 60 / MOST_IN_A_GROUP
    assert ask(emulator, cleo, CITIES)["text"] == words.INVITED_ONLY

    guest = emulator.person("Guest")
    replies = at_once(emulator, guest, [f"/start {CODE}", *[CITIES] * (MOST + 1), "/help"])
    assert replies[0] == words.WELCOME
    assert [reply.startswith(OPERATION) for reply in replies[1:-1]] == [True] * MOST + [False]
    assert 1 <= wait_asked_for(replies[-2], words.TOO_FAST) <= 60 / MOST
    assert replies[-1].startswith("Write a question.")


def unasked(emulator: Emulator, dora: Person, desk: Chat, night: Chat) -> None:
    """Of what people ask each other the surest is answered, once and not too often; the less sure is to whoever asks the bot."""
    dora.joins(desk)
    for said in ("Morning, everyone.", ENVOY, ENVOY.upper(), FIGHTING, "/help@qa_test_bot"):
        dora.says(said, chat=desk)
    eli = emulator.person("Eli")
    eli.joins(night)
    for said in (SAYING, f"/ask {SAYING}"):
        eli.says(said, chat=night)
    emulator.wait_for_answers(desk, 2, timeout=PATIENCE)
    emulator.wait_for_answers(night, 1, timeout=PATIENCE)
    answers = bots(emulator, desk) + bots(emulator, night)
    assert [answer["reply_to_message"]["text"] for answer in answers] == [ENVOY, "/help@qa_test_bot", f"/ask {SAYING}"]
    texts = [answer["text"] for answer in answers]
    starts = (LEON, "Write a question.", OPERATION)
    assert [text.startswith(start) for text, start in zip(texts, starts, strict=True)] == [True] * 3
    assert not makes_no_sound(emulator, desk)


def quietly(emulator: Emulator, ann: Person, library: Chat) -> None:
    """In a quiet group a shrug stands for what is not found, and answers make no sound."""
    settings = ask(emulator, ann, "/settings", library)
    shown = press(emulator, ann, settings, "quiet in groups")[1]
    assert buttons(shown)[-1] == ["✓ quiet in groups"]
    shrugged_at(emulator, ann, library)
    answer = ask(emulator, ann, f"/ask {CITIES}", library)
    assert answer["text"].startswith(OPERATION)
    assert makes_no_sound(emulator, library)


def how_long_it_remembers(emulator: Emulator, bot: BotProcess, ann: Person, library: Chat) -> None:
    """After two days answers, votes and gaps are gone, with their buttons; gold, settings and who was invited are not."""
    answer = bots(emulator, ann)[0]
    assert press(emulator, ann, answer, "👍")[0] == words.THANKS[1]
    ann.says("/gold", reply_to=answer)
    assert emulator.wait_for_answers(ann, 2, timeout=PATIENCE)[1].startswith(f"Kept as the right answer to “{ENVOY}”: ")
    assert ask(emulator, ann, "/gaps")["text"] == f"{words.GAPS}\n1 × {UNKNOWN}"
    assert bot.stop() == 0
    assert remembered(bot) == [12, 1, 1, 1, 2]

    grow_old(bot)
    bot.start()
    assert remembered(bot) == [0, 0, 0, 1, 2]
    assert press(emulator, ann, answer, "More ▶")[0] == words.STALE
    assert ask(emulator, ann, "/gaps")["text"] == words.NO_GAPS
    about = ask(emulator, ann, "/about")["text"]
    assert re.search(r" answers from 1 document with \d+ paragraphs .*\n\nWhat it keeps for 1 day: ", about)
    shrugged_at(emulator, ann, library)


def at_once(emulator: Emulator, person: Person, texts: list[str], chat: Chat | None = None) -> list[str]:
    """Say several things in one breath, and give the replies."""
    before = len(bots(emulator, chat or person))
    for text in texts:
        person.says(text, chat=chat)
    return emulator.wait_for_answers(chat or person, before + len(texts), timeout=PATIENCE)[before:]


def wait_asked_for(reply: str, wording: str) -> int:
    """Give the seconds that a reply asks to wait for."""
    [beginning, end] = map(re.escape, wording.split("{time}"))
    asked = re.fullmatch(f"{beginning}(?:1 second|([0-9]+) seconds){end}", reply)
    assert asked is not None, reply
    return int(asked[1] or 1)


def shrugged_at(emulator: Emulator, person: Person, chat: Chat) -> None:
    """Ask what the documents do not answer, and see a shrug under the question."""
    before = bots(emulator, chat)
    asked = person.says(f"/ask {UNKNOWN}", chat=chat)
    reactions = emulator.state.reactions
    emulator.wait_until(lambda: (chat.id, asked["message_id"]) in reactions, timeout=PATIENCE)
    assert reactions[chat.id, asked["message_id"]] == ["🤷"]
    assert bots(emulator, chat) == before


def makes_no_sound(emulator: Emulator, chat: Chat) -> bool:
    """Say whether the last message of the bot in a chat was sent silently."""
    sent = [call.parameters for call in emulator.calls_of("sendMessage") if call.parameters["chat_id"] == chat.id]
    silent: bool = sent[-1]["disable_notification"]
    return silent


def grow_old(bot: BotProcess) -> None:
    """Make all that a stopped bot remembers two days older."""
    with contextlib.closing(sqlite3.connect(bot.home / "telegram.sqlite3")) as database, database:
        for table in TABLES:
            database.execute(f"UPDATE {table} SET made = made - ?", (TWO_DAYS,))  # noqa: S608 - constants


def remembered(bot: BotProcess) -> list[int]:
    """Count the answers, votes, gaps, gold answers and invited people that a bot remembers."""
    with contextlib.closing(sqlite3.connect(bot.home / "telegram.sqlite3")) as database:
        statements = [f"SELECT count(*) FROM {table}" for table in TABLES]  # noqa: S608 - constants
        return [database.execute(statement).fetchone()[0] for statement in statements]
