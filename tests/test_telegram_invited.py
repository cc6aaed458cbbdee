"""Who may ask, and how often."""

import time
from collections.abc import Callable

import pytest
from telegram_conversation import Talk, results, texts

BUILDER = "Who built the lighthouse of Korrin?"
QUOTED = "The lighthouse of Korrin was built in 1871"
INVITED_ONLY = "I answer people who have been invited. If you have a code, write /start and the code."
WRONG = "That is not the code. Ask whoever runs this bot."
ANN = 1_000_001


@pytest.fixture
def closed(start_talk: Callable[..., Talk]) -> Talk:
    """Give a bot for the listed and the invited."""
    return start_talk(telegram={"access": "listed", "invitation_code": "sesame", "admins": [77]})


@pytest.mark.parametrize("text", [BUILDER, f"/ask {BUILDER}", "/ask", "/sources", "/why", "/settings"])
def test_a_stranger_learns_only_that_they_need_an_invitation(closed: Talk, text: str) -> None:
    """Not even which documents there are."""
    assert texts(closed.says(closed.person(), text)) == [INVITED_ONLY]


def test_a_stranger_is_greeted_with_how_to_be_invited(closed: Talk) -> None:
    """At the first word."""
    assert texts(closed.says(closed.person(), "/start")) == [INVITED_ONLY]


def test_a_stranger_has_no_answers_inline(closed: Talk) -> None:
    """Nor excerpts."""
    asked = closed.person().asks_inline(BUILDER)
    closed.settle()

    assert results(asked) == []


@pytest.mark.parametrize(
    "text", [f"/ask {BUILDER}", f"@qa_test_bot {BUILDER}", "/sources", "/why", "/settings", "/ask"]
)
def test_a_group_of_strangers_hears_nothing(closed: Talk, text: str) -> None:
    """It would only be noise."""
    ann = closed.person()

    assert closed.says(ann, text, chat=closed.group(ann)) == []


@pytest.mark.parametrize(
    "telegram", [{"users": [ANN]}, {"admins": [ANN]}, {"chats": [ANN]}], ids=["user", "admin", "chat"]
)
def test_who_is_listed_may_ask(start_talk: Callable[..., Talk], telegram: dict[str, object]) -> None:
    """Persons, admins, and chats."""
    talk = start_talk(telegram={"access": "listed"} | telegram)

    assert texts(talk.says(talk.person(), BUILDER))[0].startswith(QUOTED)
    assert texts(talk.says(talk.person("Bob"), BUILDER)) == [INVITED_ONLY]


def test_members_of_a_listed_group_may_ask_there(start_talk: Callable[..., Talk]) -> None:
    """And nowhere else."""
    talk = start_talk(telegram={"access": "listed", "chats": [-1_001_000_000_002]})
    ann = talk.person()
    group = talk.group(ann)
    assert group.id == -1_001_000_000_002

    assert texts(talk.says(ann, f"/ask {BUILDER}", chat=group))[0].startswith(QUOTED)
    assert texts(talk.says(ann, BUILDER)) == [INVITED_ONLY]


def test_a_listed_group_stays_so_when_it_becomes_a_supergroup(start_talk: Callable[..., Talk]) -> None:
    """It has another number then."""
    talk = start_talk(telegram={"access": "listed", "chats": [-4_000_003]})
    ann, bob = talk.person("Ann"), talk.person("Bob")
    group = talk.group(ann, small=True)
    assert group.id == -4_000_003
    new = ann.migrates(group)
    bob.joins(new)
    talk.settle()

    assert texts(talk.says(bob, f"/ask {BUILDER}", chat=new))[0].startswith(QUOTED)


def test_a_listed_group_stays_so_when_only_an_answer_finds_that_it_has_moved(start_talk: Callable[..., Talk]) -> None:
    """The news of it may come late, or be lost."""
    talk = start_talk(telegram={"access": "listed", "chats": [-4_000_003]})
    ann, bob = talk.person("Ann"), talk.person("Bob")
    group = talk.group(ann, small=True)
    ann.says(f"/ask {BUILDER}", chat=group)
    new = ann.migrates(group)
    bob.joins(new)
    talk.emulator.state.queue.waiting = [one for one in talk.emulator.state.queue.waiting if "text" in one.payload]
    talk.settle()

    assert texts(talk.shown(new))[0].startswith(QUOTED)
    assert texts(talk.says(bob, f"/ask {BUILDER}", chat=new))[0].startswith(QUOTED)


def test_the_code_opens(closed: Talk) -> None:
    """From then on, also after a restart."""
    ann = closed.person()
    [welcome] = closed.says(ann, "/start sesame")
    assert welcome["text"].startswith("Welcome! Ask me a question, in your own words.")
    closed.restart()

    assert texts(closed.says(ann, BUILDER))[0].startswith(QUOTED)
    assert texts(closed.says(closed.person("Bob"), BUILDER)) == [INVITED_ONLY]


@pytest.mark.parametrize("code", ["Sesame", "sesam", "sesame1", "🦊", "sésame"])
def test_a_wrong_code_does_not(closed: Talk, code: str) -> None:
    """However near it is."""
    ann = closed.person()

    assert texts(closed.says(ann, f"/start {code}")) == [WRONG]
    assert texts(closed.says(ann, BUILDER)) == [INVITED_ONLY]


def test_guesses_are_limited(closed: Talk) -> None:
    """After five wrong ones not even the right one opens; others are not concerned."""
    ann, bob = closed.person("Ann"), closed.person("Bob")
    for guess in range(5):
        closed.says(ann, f"/start guess{guess}")

    assert texts(closed.says(ann, "/start sesame")) == [WRONG]
    assert texts(closed.says(bob, "/start sesame"))[0].startswith("Welcome!")


def test_the_right_code_is_not_a_guess(closed: Talk) -> None:
    """Whoever is in already is greeted as usual, whatever the code."""
    ann = closed.person()
    closed.says(ann, "/start sesame")

    assert [texts(closed.says(ann, "/start wrong"))[0][:10] for _ in range(7)] == ["Ask me a q"] * 7


def test_without_a_code_nobody_can_be_invited(start_talk: Callable[..., Talk]) -> None:
    """An empty code is none."""
    talk = start_talk(telegram={"access": "listed"})

    assert texts(talk.says(talk.person(), "/start sesame")) == [WRONG]


def test_a_stranger_cannot_press_in_a_group(start_talk: Callable[..., Talk]) -> None:
    """Who may not ask may not read on either."""
    talk = start_talk(telegram={"access": "listed", "users": [ANN]})
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    [answer] = talk.says(ann, f"/ask {BUILDER}", chat=group)

    assert talk.presses(bob, answer, "Context") == INVITED_ONLY
    assert talk.now(answer)["text"] == answer["text"]


def test_too_many_questions_are_answered_with_how_long_to_wait(start_talk: Callable[..., Talk]) -> None:
    """Twice in a minute means once in 30 seconds from then on."""
    talk = start_talk(telegram={"questions_per_minute": 2})
    ann = talk.person()
    replies = [texts(talk.says(ann, BUILDER))[0] for _ in range(3)]

    assert [reply.startswith(QUOTED) for reply in replies] == [True, True, False]
    assert replies[2] == "You ask faster than I may answer. Please wait 30 seconds."


def test_others_do_not_wait_for_one(start_talk: Callable[..., Talk]) -> None:
    """Each has their own rate."""
    talk = start_talk(telegram={"questions_per_minute": 1})
    ann, bob = talk.person("Ann"), talk.person("Bob")
    talk.says(ann, BUILDER)

    assert texts(talk.says(ann, BUILDER)) == ["You ask faster than I may answer. Please wait 60 seconds."]
    assert texts(talk.says(bob, BUILDER))[0].startswith(QUOTED)


@pytest.mark.parametrize("text", ["/help", "/start", "/sources", "/settings", "/about", "/why"])
def test_commands_do_not_count(start_talk: Callable[..., Talk], text: str) -> None:
    """They cost next to nothing."""
    talk = start_talk(telegram={"questions_per_minute": 1})
    ann = talk.person()
    for _ in range(5):
        talk.says(ann, text)

    assert texts(talk.says(ann, BUILDER))[0].startswith(QUOTED)


def test_a_group_has_a_rate_of_its_own(start_talk: Callable[..., Talk]) -> None:
    """Whoever asks there; other chats are not concerned."""
    talk = start_talk(telegram={"group_questions_per_minute": 1})
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    talk.says(ann, f"/ask {BUILDER}", chat=group)

    assert texts(talk.says(bob, f"/ask {BUILDER}", chat=group)) == [
        "This group asks faster than I may answer. Please wait 60 seconds."
    ]
    assert texts(talk.says(bob, BUILDER))[0].startswith(QUOTED)


def test_a_second_is_not_plural(start_talk: Callable[..., Talk]) -> None:
    """Nobody waits 1 seconds."""
    talk = start_talk(telegram={"questions_per_minute": 1})
    ann = talk.person()
    talk.bot.service.access.person_rate._buckets[str(ann.id)] = (0.99, time.monotonic())

    assert texts(talk.says(ann, BUILDER)) == ["You ask faster than I may answer. Please wait 1 second."]
