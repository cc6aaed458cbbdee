"""Groups and forums: who is answered, where the answer goes, and what is kept quiet."""

from collections.abc import Callable

import pytest
from telegram_conversation import Talk, pieces, texts
from telegram_emulator import faults
from telegram_emulator.core import Emulator

BUILDER = "Who built the lighthouse of Korrin?"
HEADMASTER = "Who is the headmaster of the school?"
UNKNOWN = "What is the capital of Mongolia?"
DOUBTFUL = "Who won the football world cup?"
QUOTED = "The lighthouse of Korrin was built in 1871 by the engineer Marta Hale."


@pytest.mark.parametrize(
    "text",
    [
        BUILDER,
        "Good morning!",
        f"@other_bot {BUILDER}",
        "What does @qa_test_bot_fan think?",
        "/unknown",
        "mail me at a@qa_test_bot.com",
    ],
)
def test_what_is_not_for_the_bot_is_not_answered(talk: Talk, text: str) -> None:
    """People talk among themselves."""
    ann = talk.person()

    assert talk.says(ann, text, chat=talk.group(ann)) == []


@pytest.mark.parametrize(
    "text",
    [
        f"@qa_test_bot {BUILDER}", f"{BUILDER} @qa_test_bot", f"@QA_Test_Bot {BUILDER}", f"@qa_test_bot, {BUILDER}", f"/ask {BUILDER}",
        f"/ask@qa_test_bot {BUILDER}", "@qa_test_bot @qa_test_bot Who built the lighthouse of Korrin?",
    ],
)  # fmt: skip
def test_a_mention_or_a_command_is_answered(talk: Talk, text: str) -> None:
    """As a reply to the message; the mention is no part of the question."""
    ann = talk.person()

    [answer] = talk.says(ann, text, chat=talk.group(ann))

    assert answer["text"].startswith(QUOTED)
    assert answer["reply_to_message"]["text"] == text
    assert talk.database.one("SELECT question FROM answers")[0].strip(" ,") == BUILDER


def test_a_reply_to_the_bot_is_answered(talk: Talk) -> None:
    """Also in privacy mode, in which Telegram delivers replies."""
    ann = talk.person()
    group = talk.group(ann, hears_all=False)
    [first] = talk.says(ann, f"/ask {HEADMASTER}", chat=group)

    [answer] = talk.says(ann, BUILDER, chat=group, reply_to=first)

    assert answer["text"].startswith(QUOTED)


def test_a_reply_to_somebody_else_is_not_answered(talk: Talk) -> None:
    """Though it is a question."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    said = bob.says("I saw the lighthouse", chat=group)

    assert talk.says(ann, BUILDER, chat=group, reply_to=said) == []


def test_a_mention_alone_asks_for_the_question(talk: Talk) -> None:
    """Whoever mentions the bot wants something."""
    ann = talk.person()

    assert texts(talk.says(ann, "@qa_test_bot", chat=talk.group(ann))) == ["What would you like to know?"]


@pytest.mark.parametrize(
    "text",
    [
        "@qa_test_bot", "@qa_test_bot can you answer?", "Any idea, @qa_test_bot?", "What about this? @QA_test_bot",
        "@qa_test_bot 🙏", "/ask", "/ask@qa_test_bot please",
    ],
)  # fmt: skip
@pytest.mark.parametrize("asked", [BUILDER, f"/ask@other_bot {BUILDER}", f"@qa_test_bot {BUILDER}"])
def test_who_points_at_a_question_has_it_answered(talk: Talk, text: str, asked: str) -> None:
    """It is somebody else's, to which theirs is a reply."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    question = bob.says(asked, chat=group)
    # The bot was away, or does not see it.
    talk.emulator.take_updates()

    [answer] = talk.says(ann, text, chat=group, reply_to=question)

    assert answer["text"].startswith(QUOTED)
    assert answer["reply_to_message"]["text"] == text
    assert talk.database.all("SELECT question FROM answers") == [(asked.partition(" ")[2] if "@" in asked else asked,)]


def test_who_points_at_a_part_of_a_message_has_that_answered(talk: Talk) -> None:
    """The part that they quote."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    said = bob.says(f"Lovely day. {HEADMASTER} And is the café open?", chat=group)

    [answer] = talk.says(ann, "@qa_test_bot", chat=group, reply_to=said, quote=HEADMASTER)

    assert answer["text"].startswith("The headmaster of the school is Oskar Lind.")
    assert talk.database.all("SELECT question FROM answers") == [(HEADMASTER,)]


@pytest.mark.parametrize("text", [f"@qa_test_bot {BUILDER}", f"/ask {BUILDER}"])
def test_who_asks_something_else_in_a_reply_has_that_answered(talk: Talk, text: str) -> None:
    """The message that it replies to is not meant."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    said = bob.says(HEADMASTER, chat=group)

    [answer] = talk.says(ann, text, chat=group, reply_to=said)

    assert answer["text"].startswith(QUOTED)


@pytest.mark.parametrize("text", ["@qa_test_bot", "/ask"])
def test_who_points_at_nothing_is_asked_for_the_question(talk: Talk, text: str) -> None:
    """A picture, or what the bot itself has said, asks nothing."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    picture = ann.sends("photo", chat=group)
    [settings] = talk.says(ann, "/settings", chat=group)

    for said in (picture, settings):
        assert texts(talk.says(ann, text, chat=group, reply_to=said)) == ["What would you like to know?"]


def test_an_edit_that_still_points_changes_nothing(talk: Talk) -> None:
    """What was answered is somebody else's question, not the words that point at it."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    said = ann.says(BUILDER, chat=group)
    [answer] = talk.says(ann, "@qa_test_bot", chat=group, reply_to=said)

    talk.edits(ann, "@qa_test_bot please answer", group)

    assert talk.now(answer) == answer


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("🦊🦊 mail a@qa_test_bot.com @qa_test_bot Who is a@qa_test_bot.com?", "🦊🦊 mail a@qa_test_bot.com Who is a@qa_test_bot.com?"),
        ("Is @qa_test_bot_fan at the school, @qa_test_bot?", "Is @qa_test_bot_fan at the school, ?"),
        ("/ask@qa_test_bot: who built the lighthouse?", "who built the lighthouse?"),
        ("/ask, who built the lighthouse?", "who built the lighthouse?"),
    ],
)  # fmt: skip
def test_only_mentions_of_the_bot_are_taken_out(talk: Talk, text: str, question: str) -> None:
    """Not what merely holds its name, wherever it stands."""
    ann = talk.person()
    talk.says(ann, text, chat=talk.group(ann))

    assert talk.database.all("SELECT question FROM answers") == [(question,)]


def test_a_mention_by_link_is_one(talk: Talk) -> None:
    """Programs may mention somebody by any words."""
    ann = talk.person()
    group = talk.group(ann)
    linked = {"type": "text_mention", "offset": 3, "length": 7, "user": talk.emulator.state.bot_user}
    ann._send({"text": f"🦊 the bot {BUILDER}", "entities": [linked]}, group, None, "", 0)
    talk.settle()

    assert talk.shown(group)[0]["text"].startswith(QUOTED)
    assert talk.database.all("SELECT question FROM answers") == [(f"🦊 {BUILDER}",)]


@pytest.mark.parametrize("small", [False, True], ids=["supergroup", "group"])
def test_small_and_large_groups_are_alike(talk: Talk, *, small: bool) -> None:
    """To whoever asks."""
    ann = talk.person()
    group = talk.group(ann, small=small)

    [answer] = talk.says(ann, f"/ask {BUILDER}", chat=group)

    assert answer["text"].startswith(QUOTED)
    assert answer["reply_to_message"]["text"] == f"/ask {BUILDER}"


def test_what_is_not_found_is_said_in_a_group_that_is_not_quiet(talk: Talk) -> None:
    """With what is near."""
    ann = talk.person()

    [reply] = talk.says(ann, f"/ask {UNKNOWN}", chat=talk.group(ann))

    assert reply["text"].startswith("The documents do not answer this.")


def test_a_group_that_allows_no_reactions_is_told(talk: Talk) -> None:
    """Nobody is left without a reply."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.presses(ann, settings, "quiet in groups")
    talk.emulator.faults.plan("setMessageReaction", faults.error(400, "REACTION_INVALID"))

    [reply] = talk.says(ann, f"/ask {UNKNOWN}", chat=group)

    assert reply["text"].startswith("The documents do not answer this.")


def test_typing_is_never_shown_in_groups(talk: Talk) -> None:
    """It counts against the group's limits."""
    ann = talk.person()
    group = talk.group(ann)
    talk.says(ann, "/ask What does the beekeeper of Korrin sell at the market?", chat=group)

    assert talk.emulator.state.actions == []


@pytest.fixture
def eager(start_talk: Callable[..., Talk]) -> Talk:
    """Give a bot that answers what it was not asked."""
    return start_talk(telegram={"answer_unasked": True})


def test_an_unasked_question_is_answered_if_the_bot_is_sure(eager: Talk) -> None:
    """As a reply."""
    ann = eager.person()

    [answer] = eager.says(ann, BUILDER, chat=eager.group(ann))

    assert answer["text"].startswith(QUOTED)
    assert answer["reply_to_message"]["text"] == BUILDER


@pytest.mark.parametrize(
    "text", [UNKNOWN, DOUBTFUL, "The lighthouse of Korrin was built by Marta Hale", "???", "Really?"]
)
def test_nothing_else_unasked_is_answered(eager: Talk, text: str) -> None:
    """Neither what is doubtful nor what is no question; nothing is said, and nothing counts as a gap."""
    ann = eager.person()

    assert eager.says(ann, text, chat=eager.group(ann)) == []
    assert eager.emulator.state.reactions == {}
    assert eager.database.all("SELECT * FROM gaps") == []


@pytest.mark.parametrize(("nearly", "count"), [(1.01, 0), (0.99, 1)])
def test_an_unasked_question_has_a_threshold_of_its_own(
    start_talk: Callable[..., Talk], nearly: float, count: int
) -> None:
    """What would be sure enough for whoever asks the bot need not be sure enough for whoever does not."""
    talk = start_talk(answering={"threshold": 0.0})
    least = nearly * talk.finds(DOUBTFUL).confidence
    talk.restart(telegram={"answer_unasked": True, "unasked_confidence": least})
    ann = talk.person()
    group = talk.group(ann)

    assert len(talk.says(ann, DOUBTFUL, chat=group)) == count
    assert texts(talk.says(ann, f"/ask {DOUBTFUL}", chat=group))[0] != "The documents do not answer this."


def test_an_unasked_question_is_answered_once(eager: Talk) -> None:
    """Whoever asks it again, in whatever case."""
    ann = eager.person("Ann")
    group = eager.group(ann)
    bob = eager.person("Bob", chat=group)
    eager.says(ann, BUILDER, chat=group)

    assert eager.says(bob, BUILDER.upper(), chat=group) == []
    assert eager.says(bob, HEADMASTER, chat=group) != []


def test_an_unasked_question_that_was_asked_for_before_is_left(eager: Talk) -> None:
    """The answer stands above already."""
    ann = eager.person()
    group = eager.group(ann)
    eager.says(ann, f"/ask {BUILDER}", chat=group)

    assert eager.says(ann, BUILDER, chat=group) == []


def test_what_is_asked_for_is_answered_again(eager: Talk) -> None:
    """Whoever says so wants it."""
    ann = eager.person()
    group = eager.group(ann)
    eager.says(ann, BUILDER, chat=group)

    assert len(eager.says(ann, f"/ask {BUILDER}", chat=group)) == 1


def test_a_bot_that_is_not_eager_is_silent(talk: Talk) -> None:
    """By default."""
    ann = talk.person()

    assert talk.says(ann, BUILDER, chat=talk.group(ann)) == []


def test_an_answer_stays_in_its_topic(talk: Talk) -> None:
    """With all of its messages."""
    ann = talk.person()
    forum = talk.group(ann, forum=True)
    topic = ann.opens_topic(forum, "History")

    [answer] = talk.says(ann, f"/ask {BUILDER}", chat=forum, thread=topic)

    assert (answer["message_thread_id"], answer["is_topic_message"]) == (topic, True)
    assert talk.emulator.calls_of("sendMessage")[-1].parameters["message_thread_id"] == topic


def test_an_answer_in_the_general_topic_stays_there(talk: Talk) -> None:
    """That topic has no number."""
    ann = talk.person()
    forum = talk.group(ann, forum=True)

    [answer] = talk.says(ann, f"/ask {BUILDER}", chat=forum)

    assert "message_thread_id" not in answer
    assert "message_thread_id" not in talk.emulator.calls_of("sendMessage")[-1].parameters


@pytest.mark.parametrize("command", ["/help", "/settings", "/why", "/sources", "/ask"])
def test_commands_are_answered_in_their_topic(talk: Talk, command: str) -> None:
    """As questions are."""
    ann = talk.person()
    forum = talk.group(ann, forum=True)
    topic = ann.opens_topic(forum, "History")

    [reply] = talk.says(ann, command, chat=forum, thread=topic)

    assert reply["message_thread_id"] == topic


def test_follow_ups_and_why_stay_in_their_topic(talk: Talk) -> None:
    """What was asked in another one is not meant."""
    ann = talk.person()
    forum = talk.group(ann, forum=True)
    history, school = ann.opens_topic(forum, "History"), ann.opens_topic(forum, "School")
    talk.says(ann, f"/ask {BUILDER}", chat=forum, thread=history)
    talk.says(ann, "/ask When was the village school founded?", chat=forum, thread=school)

    [when] = talk.says(ann, "/ask and when?", chat=forum, thread=history)
    [why] = talk.says(ann, "/why", chat=forum, thread=school)

    assert when["text"].startswith(f"Asked in view of what came before: “{BUILDER}”")
    assert pieces(when, "underline") == ["1871"]
    assert why["text"].startswith("“When was the village school founded?”")


def test_a_topic_that_is_gone_harms_nobody(talk: Talk) -> None:
    """Its question was deleted with it; the next one elsewhere is answered."""
    ann = talk.person()
    forum = talk.group(ann, forum=True)
    topic = ann.opens_topic(forum, "History")
    ann.says(f"/ask {BUILDER}", chat=forum, thread=topic)
    del forum.topics[topic]
    talk.settle()

    assert "thread not found" in str(talk.emulator.calls_of("sendMessage")[-1].error)
    assert len(talk.says(ann, f"/ask {BUILDER}", chat=forum)) == 1


def test_privacy_mode_is_respected(emulator: Emulator, talk: Talk) -> None:
    """What Telegram does not deliver is not answered; a mention is, where Telegram delivers it."""
    ann = talk.person()
    group = talk.group(ann, hears_all=False)

    assert talk.says(ann, f"@qa_test_bot {BUILDER}", chat=group) == []
    emulator.state.mentions_reach_bot = True
    assert len(talk.says(ann, f"@qa_test_bot {BUILDER}", chat=group)) == 1
