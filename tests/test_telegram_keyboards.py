"""Buttons and the short texts behind them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup
from telegram_answers import answer_of, document_from, excerpts_of
from telegram_emulator.keyboards import checked_markup

from qa_bot.channels.telegram.chats import Choices
from qa_bot.channels.telegram.keyboards import (
    AROUND,
    GO,
    NEAR,
    VOTE,
    Press,
    of_settings,
    under_answer,
    under_context,
    under_near,
    under_not_found,
)
from qa_bot.channels.telegram.rendering import Screens, render

LARGEST = 2**63 - 1
IDS = st.integers(0, LARGEST)


def labels(keyboard: InlineKeyboardMarkup | None) -> list[list[str]]:
    """Give the texts of the buttons, row by row, once Telegram would take them."""
    assert keyboard is not None
    assert checked_markup(keyboard.to_dict()) is not None
    assert all(len(row) <= 8 for row in keyboard.inline_keyboard)
    return [[button.text for button in row] for row in keyboard.inline_keyboard]


def presses(keyboard: InlineKeyboardMarkup) -> dict[str, Press]:
    """Give what each button means."""
    return {button.text: Press.parse(str(button.callback_data)) for row in keyboard.inline_keyboard for button in row}


@given(st.sampled_from([AROUND, GO, NEAR, VOTE]), IDS, st.lists(st.integers(-(2**62), LARGEST), max_size=2))
def test_a_press_is_read_as_it_was_written(action: str, answer: int, numbers: list[int]) -> None:
    """In at most 64 bytes, for any number that a database can give."""
    press = Press(action, answer, tuple(numbers))

    assert Press.parse(str(press)) == press
    assert len(str(press).encode()) <= 64


@pytest.mark.parametrize(
    "data",
    ["", ":", "m", "m:", "m:x", "m:1:", "m:1:x", "m:1.5", "m: 1", "m:1_0", "m:１", "m:1\n", "M:1", ":1", "m::1", "m:1:2:3:4",
     f"m:{2**63}", f"m:1:-{2**63}", "m:" + "9" * 5_000, "\x00", "😀:1"],
)  # fmt: skip
def test_garbage_is_refused(data: str) -> None:
    """Whoever writes a program of their own can send anything."""
    with pytest.raises(ValueError, match=r"^this is no press$"):
        Press.parse(data)


@given(st.text(max_size=64))
def test_anything_is_read_or_refused(data: str) -> None:
    """With the one error that is expected, and what is read is written the same."""
    try:
        press = Press.parse(data)
    except ValueError:
        return
    assert Press.parse(str(press)) == press


def screens_of(*sizes: int, further: int = 0) -> Screens:
    """Render an answer of excerpts of these sizes."""
    document = document_from("\n\n".join(f"Number {n}. " + "word " * (size // 5) for n, size in enumerate(sizes)))
    excerpts = excerpts_of(document)
    split_at = len(excerpts) - further
    return render(answer_of(*excerpts[:split_at], further=excerpts[split_at:]))


def test_one_excerpt_has_its_context_and_votes() -> None:
    """Nothing else."""
    keyboard = under_answer(5, screens_of(20), 0)

    assert labels(keyboard) == [["Context"], ["👍", "👎"]]
    assert presses(keyboard) == {
        "Context": Press(AROUND, 5, (1, 0)), "👍": Press(VOTE, 5, (1,)), "👎": Press(VOTE, 5, (-1,)),
    }  # fmt: skip


def test_every_message_is_reached() -> None:
    """From the last one that is shown, by turning on; and back again."""
    screens = screens_of(3_000, 3_000, 3_000, 3_000, 3_000, further=2)
    assert (screens.shown, len(screens.all)) == (3, 5)

    at, texts = 2, []
    while True:
        keyboard = under_answer(LARGEST, screens, at)
        texts.append(labels(keyboard))
        if "More ▶" not in presses(keyboard):
            break
        at = presses(keyboard)["More ▶"].numbers[0]

    assert texts == [
        [["More ▶"], ["Context [1]", "Context [2]", "Context [3]"], ["👍", "👎"]],
        [["◀ Back", "More ▶"], ["Context"], ["👍", "👎"]],
        [["◀ Back"], ["Context"], ["👍", "👎"]],
    ]
    assert presses(keyboard)["◀ Back"] == Press(GO, LARGEST, (3,))


def test_many_excerpts_take_several_rows() -> None:
    """Four in each."""
    keyboard = under_answer(1, screens_of(*[20] * 10), 0)

    assert [len(row) for row in labels(keyboard)] == [4, 4, 2, 2]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Tea is at four.", "≈ Tea is at four."),
        ("word " * 30, "≈ " + ("word " * 12)[:59] + "…"),
        ("😀 Tea\n is\tat four.", "≈ 😀 Tea is at four."),
        ("\u200b", "≈ \u200b"),
    ],
)
def test_what_is_near_has_a_button(text: str, label: str) -> None:
    """Marked as near, with its first words."""
    near = excerpts_of(document_from(text))

    keyboard = under_not_found(3, near)

    assert labels(keyboard) == [[label]]
    assert keyboard is not None
    assert presses(keyboard) == {label: Press(NEAR, 3, (1,))}
    assert under_not_found(3, []) is None


def test_a_near_passage_leads_back_and_around() -> None:
    """To the answer, and to what stands beside it."""
    assert presses(under_near(3, 2)) == {"↩ Answer": Press(GO, 3, (-1,)), "Context": Press(AROUND, 3, (2, 0))}


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (True, True, [["◀ Earlier", "Later ▶"], ["↩ Answer"]]),
        (True, False, [["◀ Earlier"], ["↩ Answer"]]),
        (False, True, [["Later ▶"], ["↩ Answer"]]),
        (False, False, [["↩ Answer"]]),
    ],
)
def test_context_is_paged(earlier: bool, later: bool, expected: list[list[str]]) -> None:  # noqa: FBT001 - a table
    """Where there is more of the document."""
    keyboard = under_context(3, 2, -1, earlier=earlier, later=later)

    assert labels(keyboard) == expected
    pages = {"◀ Earlier": Press(AROUND, 3, (2, -2)), "Later ▶": Press(AROUND, 3, (2, 0))}
    found = presses(keyboard)
    assert {label: found[label] for label in pages if label in found} == {
        label: press for label, press in pages.items() if label in found
    }


def test_settings_mark_what_is_chosen() -> None:
    """What has not been chosen is as usual."""
    assert labels(of_settings(Choices(), 3, group=True)) == [
        ["1", "2", "✓ 3", "4", "5"], ["lenient", "✓ normal", "strict"], ["quiet in groups"],
    ]  # fmt: skip
    chosen = of_settings(Choices(5, "strict", quiet=True), 3, group=True)
    assert labels(chosen) == [["1", "2", "3", "4", "✓ 5"], ["lenient", "normal", "✓ strict"], ["✓ quiet in groups"]]
    assert presses(chosen)["✓ quiet in groups"] == Press("sq", 0)
    assert labels(of_settings(Choices(quiet=True), 3, group=False)) == labels(of_settings(Choices(), 3, group=True))[:2]
