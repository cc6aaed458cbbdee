"""Questions in a private chat."""

from collections.abc import Callable

import pytest
from telegram_conversation import Talk, buttons, pieces, texts
from telegram_library import BEEKEEPER, DOCUMENTS, long_paragraph

from qa_bot.channels.telegram import words

BUILDER = "Who built the lighthouse of Korrin?"
BUILT = (
    "The lighthouse of Korrin was built in 1871 by the engineer Marta Hale. It stands on the northern cliff.\n"
    "[1] The lighthouse of Korrin · line 3 · lighthouse.md\n\n"
)


def test_an_answer_is_quotation_citation_and_confidence(talk: Talk) -> None:
    """In one message, which replies to nothing and shows no preview."""
    [answer] = talk.says(talk.person(), BUILDER)

    assert answer["text"] == BUILT + words.confidence(talk.finds(BUILDER))
    assert "reply_to_message" not in answer
    assert answer["link_preview_options"] == {"is_disabled": True}


def test_an_answer_is_formatted(talk: Talk) -> None:
    """The quotation as one, its sentence bold, the very words underlined, the confidence slanted."""
    [answer] = talk.says(talk.person(), BUILDER)

    assert pieces(answer, "expandable_blockquote") == [BUILT.partition("\n")[0]]
    assert pieces(answer, "bold") == ["The lighthouse of Korrin was built in 1871 by the engineer Marta Hale."]
    assert pieces(answer, "underline") == ["Marta Hale"]
    assert pieces(answer, "italic") == [words.confidence(talk.finds(BUILDER))]


@pytest.mark.parametrize(
    ("question", "very", "file"),
    [
        ("Who was the keeper of the lighthouse?", "Jonas Weld", "lighthouse.md"),
        ("How many steps does the staircase have?", "212", "lighthouse.md"),
        ("When was the village school founded?", "1899", "school.md"),
        ("When was the tower automated?", "1987", "lighthouse.md"),
        ("Who runs the fox café?", "Yusuf Brandt", "cafe.md"),
        ("Who is the headmaster of the school?", "Oskar Lind", "school.md"),
    ],
)
def test_the_words_of_the_answer_are_underlined(talk: Talk, question: str, very: str, file: str) -> None:
    """And stand in the document that is cited."""
    [answer] = talk.says(talk.person(), question)

    assert pieces(answer, "underline")[0] == very
    assert answer["text"].splitlines()[1].endswith(f" · {file}")
    assert very in DOCUMENTS[file]


@pytest.mark.parametrize(
    "question",
    [
        "When was the lighthous of Korrin bilt?",
        "when was the lighthouse of korrin built",
        "WHEN WAS THE LIGHTHOUSE OF KORRIN BUILT?",
        "Hi, could you tell me when the lighthouse of Korrin was built? Thanks!",
        "   When was the lighthouse of Korrin built?   ",
        "@qa_test_bot When was the lighthouse of Korrin built?",
        "lighthouse Korrin built year",
        "\u200bWhen was the lighthouse\nof Korrin built?",
    ],
    ids=["typo", "small", "capitals", "polite", "blanks", "mention", "keywords", "lines"],
)
def test_a_question_may_be_written_in_any_way(talk: Talk, question: str) -> None:
    """The same sentence answers it."""
    [answer] = talk.says(talk.person(), question)

    assert answer["text"].startswith("The lighthouse of Korrin was built in 1871")


def test_two_questions_in_one_are_both_answered(talk: Talk) -> None:
    """In one message, each from its own document."""
    [answer] = talk.says(talk.person(), "When was the tower automated, and who is the headmaster of the school?")

    assert {"1987", "Oskar Lind"} <= set(pieces(answer, "underline"))


def test_an_emoji_does_not_move_the_formatting(talk: Talk) -> None:
    """Offsets count UTF-16 units."""
    [answer] = talk.says(talk.person(), "When does the fox café open?")

    sentence = "The 🦊 fox café of Korrin opens at nine o'clock 🕘 in the morning and is run by Yusuf Brandt."
    assert pieces(answer, "expandable_blockquote")[0] == sentence
    assert pieces(answer, "underline") == ["nine o'clock 🕘 in the morning"]


def test_marks_of_markup_are_words_like_any_other(talk: Talk) -> None:
    """Angle brackets and ampersands arrive as they stand in the document."""
    [answer] = talk.says(talk.person(), "What cake does the café bake on Fridays?")

    assert answer["text"].startswith(
        'The café bakes a cake of rhubarb 🥧 with <almonds> & "cream" on Fridays.\n[1] 🦊 The fox café'
    )


def test_arabic_is_answered_in_arabic(talk: Talk) -> None:
    """Word for word."""
    [answer] = talk.says(talk.person(), "متى تأسست مكتبة كورين؟")

    assert pieces(answer, "bold")[0] == "تأسست مكتبة كورين في عام 1923 على يد المعلمة ليلى حداد."


def test_documents_that_disagree_are_shown_side_by_side(talk: Talk) -> None:
    """The newer first, each with its day."""
    [answer] = talk.says(talk.person(), "How many passengers does the ferry to Korrin carry?")

    lines = answer["text"].splitlines()
    assert lines[0] == "The documents disagree:"
    assert lines[2:4] == [
        "The ferry to Korrin carries 150 passengers on each crossing.",
        "[1] Ferry timetable · line 6 · ferry-2023.md · 2023-05-01",
    ]
    assert lines[5:7] == [
        "The ferry to Korrin carries 120 passengers on each crossing.",
        "[2] Ferry timetable of old · line 6 · ferry-2019.md · 2019-05-01",
    ]
    assert pieces(answer, "underline") == ["150", "120"]


def test_a_long_paragraph_comes_in_at_most_three_messages(talk: Talk) -> None:
    """The part that answers first; the buttons are under the last, and every part says which it is."""
    answer = talk.says(talk.person(), "What does the beekeeper of Korrin sell at the market?")

    assert len(answer) == 3
    assert BEEKEEPER in answer[0]["text"]
    assert BEEKEEPER in pieces(answer[0], "bold")
    assert [bool(buttons(message)) for message in answer] == [False, False, True]
    assert [text.rpartition(" · ")[2].split("\n")[0] for text in texts(answer)] == [
        "part 2 of 4", "part 1 of 4", "part 3 of 4",
    ]  # fmt: skip


def test_what_is_quoted_of_a_long_paragraph_stands_in_it(talk: Talk) -> None:
    """Each message's quotation, character by character."""
    for message in talk.says(talk.person(), "What does the beekeeper of Korrin sell at the market?"):
        [quotation] = pieces(message, "expandable_blockquote")[:1]
        assert quotation in long_paragraph()
        assert len(message["text"]) <= 4096


def test_what_is_not_answered_says_so_and_offers_what_is_near(talk: Talk) -> None:
    """With a button for each of three near passages, and no votes."""
    [reply] = talk.says(talk.person(), "What is the capital of Mongolia?")

    assert reply["text"] == (
        "The documents do not answer this.\n\nThese passages are near, but they are not an answer:"
    )
    assert [label[:2] for label in buttons(reply)] == ["≈ ", "≈ ", "≈ "]


def test_a_label_that_was_not_cut_has_no_dots(talk: Talk) -> None:
    """Dots say that there is more; a short passage is whole."""
    [reply] = talk.says(talk.person(), "What is the capital of Mongolia?")

    assert "≈ تفتح المكتبة أبوابها من الأحد إلى الخميس." in buttons(reply)
    assert any(label.endswith("…") and len(label) <= 62 for label in buttons(reply))


def test_a_stricter_threshold_answers_less(start_talk: Callable[..., Talk]) -> None:
    """As set in the configuration."""
    talk = start_talk(answering={"threshold": 1.0})

    [reply] = talk.says(talk.person(), "Who built the lighthouse of Korrin?")

    assert reply["text"].startswith("The documents do not answer this.")


@pytest.mark.parametrize("question", ["???", "🦊🦊", "...", "—"])
def test_a_question_without_words_is_refused_kindly(talk: Talk, question: str) -> None:
    """In a sentence, not with an error's number."""
    assert texts(talk.says(talk.person(), question)) == ["The question has no words: ask in words."]


def test_a_question_that_is_too_long_is_refused_in_words_for_people(talk: Talk) -> None:
    """Whoever asks in Telegram cannot change the configuration, so nothing is said of it."""
    [reply] = talk.says(talk.person(), "When? " * 400)

    assert reply["text"] == "The question has 2399 characters, more than the 2000 allowed: ask more briefly."


@pytest.mark.parametrize("command", ["/nonsense", "/Ask_me", "/starts", "/ferry When does it leave?"])
def test_an_unknown_command_is_answered_with_help(talk: Talk, command: str) -> None:
    """In private."""
    [reply] = talk.says(talk.person(), command)

    assert reply["text"].startswith("Write a question. In a group, write /ask and the question")


def test_people_do_not_see_each_other(talk: Talk) -> None:
    """Each answer goes to the chat of whoever asked."""
    ann, bob = talk.person("Ann"), talk.person("Bob")
    ann.says("Who built the lighthouse of Korrin?")
    bob.says("Who is the headmaster of the school?")
    talk.settle()

    assert [pieces(message, "underline")[0] for message in talk.shown(ann)] == ["Marta Hale"]
    assert [pieces(message, "underline")[0] for message in talk.shown(bob)] == ["Oskar Lind"]


def test_questions_of_one_person_are_answered_in_their_order(talk: Talk) -> None:
    """However many wait."""
    ann = talk.person()
    for question in (BUILDER, "/help", "Who is the headmaster of the school?"):
        ann.says(question)
    talk.settle()

    first, second, third = texts(talk.shown(ann))
    assert first.startswith(BUILT)
    assert second.startswith("Write a question.")
    assert third.startswith("The headmaster of the school is Oskar Lind.")
