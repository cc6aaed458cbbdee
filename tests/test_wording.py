import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.terms import terms_of
from qa_bot.wording import is_small_talk, questions_in


@pytest.mark.parametrize(
    "polite",
    [
        "Hi, who supports Haftar?",
        "hello there! who supports Haftar?",
        "Could you please tell me who supports Haftar?",
        "can you tell me: who supports Haftar?",
        "Please, I would like to know who supports Haftar?",
        "Quick question: who supports Haftar?",
        "Sorry to bother you. I was wondering who supports Haftar?",
        "do you know who supports Haftar?",
        "Hey, any idea who supports Haftar?",
        "who supports Haftar? Thanks!",
        "who supports Haftar? Thank you very much in advance.",
        "Good morning, may I ask who supports Haftar? Any help would be appreciated.",
    ],
)
def test_politeness_is_cut(polite: str) -> None:
    """What is left is the question as it stands."""
    assert questions_in(polite) == ("who supports Haftar?",)


@pytest.mark.parametrize(
    "plain",
    [
        "Who supports Haftar?",
        "Hello Kitty was created when?",
        "Who said thank you?",
        "Hello, Dolly! was written by whom?",
        "Now, Voyager was released when?",
        "well-known generals of Libya",
        "Which cities lie between Tripoli and Benghazi?",
        "What do you know about Libya?",
        "please",
        "Hi!",
        "haftar egypt support",
        "Who founded Please Please Me?",
        "Кто поддерживает Хафтара?",
        "谁支持哈夫塔尔？",
        "من يدعم حفتر؟",
        "Can penguins fly and swim?",
        "Who was born in 1932 and died in 1999?",
        "When was the bridge opened and who did it?",
        "Who is Haftar and what does he want?",
    ],
)
def test_plain_questions_stay(plain: str) -> None:
    """Names, other languages, and two questions of which one leans on the other."""
    assert questions_in(plain) == (plain,)


@pytest.mark.parametrize(
    "text",
    [
        "When was the bridge opened and who accused General Haftar?",
        "When was the bridge opened, and who accused General Haftar?",
        "When was the bridge opened? Who accused General Haftar?",
        "Hi, when was the bridge opened? Also, who accused General Haftar? Thanks!",
    ],
)
def test_two_questions_are_asked_apart(text: str) -> None:
    """However they are joined."""
    assert [part.lower() for part in questions_in(text)] == [
        "when was the bridge opened?", "who accused general haftar?",
    ]  # fmt: skip


@given(st.text(max_size=80))
def test_nothing_is_invented_or_emptied(text: str) -> None:
    """The parts hold only words of the text, and a text with terms keeps some."""
    parts = questions_in(text)
    words = terms_of(text, "en")

    assert set(terms_of(" ".join(parts), "en")) <= set(words)
    assert all(terms_of(part, "en") for part in parts) or not words or parts == (text.strip(),)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "How are you today?",
        "Morning, everyone.",
        "Hi there, bot! How r u doing?",
        "thanks a lot",
        "OK, thank you so much!",
        "Who are you?",
        "hahaha",
    ],
)
def test_small_talk_asks_nothing(text: str) -> None:
    """It greets, thanks or chats from its first word to its last."""
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello Kitty",
        "Good Morning, Vietnam",
        "morning sickness",
        "How are you named?",
        "How are things made today?",
        "Who are you working for?",
        "OK Corral",
        "Who thanked you?",
    ],
)
def test_what_has_another_word_is_no_small_talk(text: str) -> None:
    """It may ask for what these words mean together."""
    assert not is_small_talk(text)


@pytest.mark.parametrize("phrase", ["hi ", "good morning, all ", "ha", "so ", "how are you doing "])
def test_small_talk_without_end_is_told_at_once(phrase: str) -> None:
    """The longest question takes no longer than its length; with a step for each way to cut it, this would never end."""
    assert not is_small_talk(phrase * (2_000 // len(phrase)) + " x")
