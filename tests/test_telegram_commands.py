"""Commands, in private chats and in groups."""

from collections.abc import Callable
from pathlib import Path

import pytest
from telegram_conversation import Talk, buttons, texts
from telegram_emulator import faults
from telegram_emulator.core import Emulator

BUILDER = "Who built the lighthouse of Korrin?"
START = (
    "Ask me a question, in your own words. I answer with the exact words of the documents I was given, say where they "
    "stand, and say so when they do not answer.\n\n/help says what else I can do."
)
WHAT = "What would you like to know?"
NOTHING_ASKED = "Nothing has been asked here that I remember. Ask a question first."
EVERYWHERE = ["ask", "sources", "why", "settings", "about", "forget", "help"]
LANGUAGES = ["", "de", "es", "fr", "ru"]


def test_start_greets(talk: Talk) -> None:
    """In a few sentences."""
    assert texts(talk.says(talk.person(), "/start")) == [START]


def test_start_with_a_word_greets_whoever_may_ask(talk: Talk) -> None:
    """Links to the bot may carry any word."""
    assert texts(talk.says(talk.person(), "/start ask")) == [START]


def test_help_lists_the_commands(talk: Talk) -> None:
    """All that everybody may use, and no other."""
    [reply] = talk.says(talk.person(), "/help")

    lines = [line for line in reply["text"].splitlines() if line.startswith("/")]
    assert [line.partition(" ")[0][1:] for line in lines] == EVERYWHERE


def test_help_lists_the_commands_of_admins_to_admins(start_talk: Callable[..., Talk]) -> None:
    """They have three more."""
    talk = start_talk(telegram={"admins": [1_000_001]})

    [reply] = talk.says(talk.person(), "/help")

    lines = [line for line in reply["text"].splitlines() if line.startswith("/")]
    assert [line.partition(" ")[0][1:] for line in lines] == [*EVERYWHERE, "gold", "gaps", "reload"]


@pytest.mark.parametrize(
    "text",
    ["/ask {}", "/ask@qa_test_bot {}", "/ask\n{}", "/ask   {}", "/ASK {}"],
    ids=["plain", "named", "on the next line", "blanks", "capitals"],
)
def test_ask_answers_what_follows(talk: Talk, text: str) -> None:
    """The question is whole, however it is set apart from the command."""
    ann = talk.person()
    [answer] = talk.says(ann, text.format(BUILDER))

    assert answer["text"].startswith("The lighthouse of Korrin was built in 1871")
    assert talk.database.all("SELECT question FROM answers") == [(BUILDER,)]


def test_ask_alone_asks_for_the_question(talk: Talk) -> None:
    """With a reply prepared, so that it also works in groups."""
    ann = talk.person()
    [reply] = talk.says(ann, "/ask")

    assert reply["text"] == WHAT
    call = talk.emulator.calls_of("sendMessage")[-1]
    assert "force_reply" in str(call.parameters["reply_markup"])


def test_the_reply_to_ask_is_a_question(talk: Talk) -> None:
    """In a group, where the bot would not hear it otherwise."""
    ann = talk.person()
    group = talk.group(ann, hears_all=False)
    [prompt] = talk.says(ann, "/ask", chat=group)

    [answer] = talk.says(ann, BUILDER, chat=group, reply_to=prompt)

    assert answer["text"].startswith("The lighthouse of Korrin was built in 1871")


def test_sources_lists_the_documents(talk: Talk) -> None:
    """A line each."""
    [reply] = talk.says(talk.person(), "/sources")

    names = [line.partition(" · ")[0] for line in reply["text"].splitlines()]
    assert names == [
        "cafe.md", "ferry-2019.md", "ferry-2023.md", "hives.txt", "library.md", "lighthouse.md", "school.md",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("ferry", ["ferry-2019.md", "ferry-2023.md"]), ("TIMETABLE of old", ["ferry-2019.md"]), ("كورين", ["library.md"])],
)
def test_sources_can_be_filtered(talk: Talk, wanted: str, found: list[str]) -> None:
    """By any part of a line, in any case."""
    [reply] = talk.says(talk.person(), f"/sources {wanted}")

    assert [line.partition(" · ")[0] for line in reply["text"].splitlines()] == found


def test_a_filter_that_finds_nothing_does_not_say_that_there_is_nothing(talk: Talk) -> None:
    """There are documents, but none such."""
    assert texts(talk.says(talk.person(), "/sources volcano")) == ["No document is called so: “volcano”."]


def test_why_explains_the_last_answer(talk: Talk) -> None:
    """With the question, the verdict and the scores."""
    ann = talk.person()
    talk.says(ann, "Who is the headmaster of the school?")
    talk.says(ann, BUILDER)

    [reply] = talk.says(ann, "/why")

    lines = reply["text"].splitlines()
    assert lines[0] == f"“{BUILDER}”"
    sure = talk.finds(BUILDER).confidence
    assert lines[1].startswith(f"Answered: the confidence {sure:.2f} reaches the threshold ")
    assert lines[2] == "Best passage [1], by its best sentence (each score × its weight):"


def test_why_as_a_reply_explains_that_answer(talk: Talk) -> None:
    """Also an old one."""
    ann = talk.person()
    [first] = talk.says(ann, "Who is the headmaster of the school?")
    talk.says(ann, BUILDER)

    [reply] = talk.says(ann, "/why", reply_to=first)

    assert reply["text"].startswith("“Who is the headmaster of the school?”\nAnswered: ")


def test_why_explains_what_was_not_found(talk: Talk) -> None:
    """And what was missing most."""
    ann = talk.person()
    talk.says(ann, "What is the capital of Mongolia?")

    [reply] = talk.says(ann, "/why")

    sure = talk.finds("What is the capital of Mongolia?").confidence
    assert reply["text"].splitlines()[1].startswith(f"Not found: the confidence {sure:.2f} is below the threshold ")
    assert "Most is missing for want of " in reply["text"]


def test_why_in_a_strict_chat_names_the_threshold_that_counted(start_talk: Callable[..., Talk]) -> None:
    """Not that of other chats."""
    talk = start_talk()
    sure = talk.finds("Who won the football world cup?").confidence
    talk.restart(answering={"threshold": sure})
    ann = talk.person()
    [settings] = talk.says(ann, "/settings")
    talk.presses(ann, settings, "strict")
    [answer] = talk.says(ann, "Who won the football world cup?")
    assert answer["text"].startswith("The documents do not answer this.")

    [reply] = talk.says(ann, "/why")

    assert reply["text"].splitlines()[1] == (
        f"Not found: the confidence {sure:.2f} is below the threshold {sure + 0.4 * (1 - sure):.2f} "
        "(as strict as was asked for here)"
    )


def test_why_without_an_answer_says_so(talk: Talk) -> None:
    """At the beginning."""
    assert texts(talk.says(talk.person(), "/why")) == [NOTHING_ASKED]


def test_why_as_a_reply_to_something_else_says_what_it_wants(talk: Talk) -> None:
    """Though other things were asked here."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    [settings] = talk.says(ann, "/settings")

    assert texts(talk.says(ann, "/why", reply_to=settings)) == ["Reply to one of my answers with this."]


def test_why_about_a_long_paragraph_fits_into_messages(talk: Talk) -> None:
    """At most three, and the last says that more was left out."""
    ann = talk.person()
    talk.says(ann, "What does the beekeeper of Korrin sell at the market?")

    replies = talk.says(ann, "/why")

    assert len(replies) == 3
    assert all(len(message["text"]) <= 4096 for message in replies)
    assert replies[-1]["text"].endswith("…")


def test_about_says_what_is_kept(talk: Talk) -> None:
    """And how much there is to answer from."""
    [reply] = talk.says(talk.person(), "/about")

    assert (
        "answers from 7 documents with 28 paragraphs (generation 1 of the index, made by all-MiniLM-L6-v2)"
        in reply["text"]
    )
    assert "What it keeps for 90 days: " in reply["text"]


def test_forget_deletes_what_is_a_persons(talk: Talk) -> None:
    """Questions, gaps and votes, but not those of others."""
    ann, bob = talk.person("Ann"), talk.person("Bob")
    for person in (ann, bob):
        [answer] = talk.says(person, BUILDER)
        talk.presses(person, answer, "👍")
        talk.says(person, "What is the capital of Mongolia?")

    assert texts(talk.says(ann, "/forget")) == ["What I knew of you is deleted."]

    assert talk.database.all(
        "SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM votes), count(*) FROM gaps"
    ) == [(2, 1, 1)]
    assert texts(talk.says(ann, "/why")) == [NOTHING_ASKED]
    assert texts(talk.says(bob, "/why"))[0].startswith("“What is the capital of Mongolia?”")


def test_nothing_that_was_written_is_left_after_forget(talk: Talk, tmp_path: Path) -> None:
    """Not in the file either, journal included."""
    ann = talk.person()
    talk.says(ann, "Who built the lighthouse of Korrin, zanzibar?")
    talk.says(ann, "/forget")
    talk.stop()

    files = list(tmp_path.glob("telegram.sqlite3*"))
    assert [file.name for file in files if b"zanzibar" in file.read_bytes()] == []
    assert [file.name for file in files if str(ann.id).encode() in file.read_bytes()] == []


@pytest.mark.parametrize("text", ["/nonsense", "/start@other_bot", "/ask@other_bot Who built it?", "/gaps@other_bot"])
def test_commands_of_other_bots_are_not_answered_in_groups(talk: Talk, text: str) -> None:
    """Nor those that nobody has."""
    ann = talk.person()
    group = talk.group(ann)

    assert talk.says(ann, text, chat=group) == []


@pytest.mark.parametrize("command", ["/start", "/help", "/sources", "/about", "/settings", "/forget", "/why"])
def test_commands_are_answered_in_groups(talk: Talk, command: str) -> None:
    """As a reply to whoever wrote them."""
    ann = talk.person()
    group = talk.group(ann)

    [reply] = talk.says(ann, f"{command}@qa_test_bot", chat=group)

    assert reply["reply_to_message"]["text"] == f"{command}@qa_test_bot"


def commands_of(talk: Talk, kind: str, language: str, chat: int | None = None) -> list[str]:
    """List the commands that Telegram shows."""
    scope = {"type": kind} | ({"chat_id": chat} if chat else {})
    found = talk.emulator.ask("getMyCommands", scope=scope, language_code=language)["result"]
    return [command["command"] for command in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_are_registered_by_scope_and_language(start_talk: Callable[..., Talk], language: str) -> None:
    """For private chats, for groups, and for each admin."""
    talk = start_talk(telegram={"admins": [1_000_001]})

    assert commands_of(talk, "all_private_chats", language) == EVERYWHERE
    assert commands_of(talk, "all_group_chats", language) == ["ask", "sources", "why", "settings", "help"]
    assert commands_of(talk, "chat", language, 1_000_001) == [*EVERYWHERE, "gold", "gaps", "reload"]


@pytest.fixture
def only_for_all(emulator: Emulator) -> None:
    """Let Telegram refuse commands for single chats."""
    emulator.faults.plan(
        "setMyCommands", faults.error(400, "chat not found"), times=99,
        when=lambda parameters: "chat_id" in str(parameters.get("scope")),
    )  # fmt: skip


@pytest.mark.usefixtures("only_for_all")
def test_an_admin_who_has_never_written_keeps_nobody_from_their_commands(start_talk: Callable[..., Talk]) -> None:
    """Telegram knows no chat with that admin yet, and refuses only that."""
    talk = start_talk(telegram={"admins": [1_000_001]})

    assert [commands_of(talk, "all_private_chats", language) for language in LANGUAGES] == [EVERYWHERE] * 5
    assert commands_of(talk, "chat", "", 1_000_001) == []


def test_settings_show_what_is_chosen(talk: Talk) -> None:
    """With a mark; the number of excerpts is the usual one as long as nobody has chosen."""
    ann = talk.person()

    [settings] = talk.says(ann, "/settings", chat=talk.group(ann))

    assert settings["text"] == "Settings of this chat"
    assert buttons(settings) == ["1", "2", "✓ 3", "4", "5", "lenient", "✓ normal", "strict", "quiet in groups"]
