"""Who writes in the name of a group or a channel: each group and channel is a person of its own."""

from collections.abc import Callable

import pytest
from telegram_conversation import Talk, texts
from telegram_emulator.chats import Chat
from telegram_emulator.people import Person

from qa_bot.channels.telegram import words

BUILDER = "Who built the lighthouse of Korrin?"
UNKNOWN = "What is the capital of Mongolia?"
QUOTED = "The lighthouse of Korrin was built in 1871"
CODE = "sesame"
MakeTalk = Callable[..., Talk]


def says_as(talk: Talk, person: Person, name: Chat, text: str, *, chat: Chat, linked: bool = False) -> list[str]:
    """Let somebody write in a name, and give what the bot says to that."""
    before = len(talk.shown(chat))
    person.says_as(name, text, chat=chat, linked=linked)
    talk.settle()
    return texts(talk.shown(chat)[before:])


def kept(talk: Talk) -> list[int]:
    """Count the answers and gaps that the bot remembers."""
    return [len(talk.database.all(f"SELECT * FROM {table}")) for table in ("answers", "gaps")]  # noqa: S608 - constants


@pytest.mark.parametrize("small", [False, True])
def test_forgetting_leaves_the_administrators_of_other_groups_alone(talk: Talk, small: bool) -> None:  # noqa: FBT001
    """Telegram names the same sender for all of them."""
    ann, bob = talk.person("Ann"), talk.person("Bob")
    here, there = talk.group(ann, small=small), talk.group(bob)
    says_as(talk, ann, here, f"/ask {UNKNOWN}", chat=here)
    says_as(talk, bob, there, f"/ask {UNKNOWN}", chat=there)

    assert kept(talk) == [2, 2]
    assert says_as(talk, ann, here, "/forget", chat=here) == [words.FORGOTTEN]
    assert kept(talk) == [1, 1]
    assert says_as(talk, bob, there, "/forget", chat=there) == [words.FORGOTTEN]
    assert kept(talk) == [0, 0]


def test_an_invitation_admits_one_group(start_talk: MakeTalk) -> None:
    """And not the administrators of every other one."""
    talk = start_talk(telegram={"access": "listed", "invitation_code": CODE})
    ann, bob = talk.person("Ann"), talk.person("Bob")
    here, there = talk.group(ann), talk.group(bob)

    assert says_as(talk, ann, here, f"/start {CODE}", chat=here) == [words.WELCOME]
    assert says_as(talk, ann, here, f"/ask {BUILDER}", chat=here)[0].startswith(QUOTED)
    assert says_as(talk, bob, there, f"/ask {BUILDER}", chat=there) == []


def test_channels_have_limits_of_their_own(start_talk: MakeTalk) -> None:
    """Somebody who writes as a channel, the group itself, and the channel whose posts the group discusses."""
    talk = start_talk(telegram={"questions_per_minute": 1})
    ann = talk.person("Ann")
    group = talk.group(ann)
    news, gossip = Chat(-1_009_000_001, "channel", "News"), Chat(-1_009_000_002, "channel", "Gossip")
    names = [(group, False), (news, True), (gossip, False)]

    for name, linked in names:
        first = says_as(talk, ann, name, f"/ask {BUILDER}", chat=group, linked=linked)
        second = says_as(talk, ann, name, f"/ask {BUILDER}", chat=group, linked=linked)
        assert first[0].startswith(QUOTED)
        assert second == [words.TOO_FAST.format(time="60 seconds")]
    assert texts(talk.says(ann, f"/ask {BUILDER}", chat=group))[0].startswith(QUOTED)


def test_an_admin_who_writes_anonymously_is_no_admin(start_talk: MakeTalk) -> None:
    """Nobody can tell that it is them, and the sender whom Telegram names is everybody."""
    talk = start_talk(telegram={"admins": [1_000_001, 1_087_968_824]})
    ann = talk.person("Ann")
    group = talk.group(ann)

    assert says_as(talk, ann, group, "/gaps", chat=group) == [words.ADMINS_ONLY]
    assert texts(talk.says(ann, "/gaps", chat=group)) == [words.NO_GAPS]


def test_what_was_said_in_a_groups_name_is_leant_on_in_its_name(talk: Talk) -> None:
    """A follow-up of another group's administrators is not in view of it."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    news = Chat(-1_009_000_001, "channel", "News")
    says_as(talk, ann, group, f"/ask {BUILDER}", chat=group)

    [own] = says_as(talk, ann, group, "/ask And when?", chat=group)
    [other] = says_as(talk, ann, news, "/ask And when?", chat=group)

    assert own.startswith(words.IN_VIEW_OF.format(question=BUILDER))
    assert not other.startswith(words.IN_VIEW_OF.format(question=BUILDER))
