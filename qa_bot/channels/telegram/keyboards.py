"""Buttons, and the short texts behind them by which a press finds its answer, also after a restart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from qa_bot.channels.telegram.chats import MOST_EXCERPTS, STRICTNESS, Choices
from qa_bot.channels.telegram.rendering import Screens
from qa_bot.records import Excerpt

BACK, MORE, CONTEXT, EARLIER, LATER, ANSWER = "◀ Back", "More ▶", "Context", "◀ Earlier", "Later ▶", "↩ Answer"
UP, DOWN = "👍", "👎"
ADD_IT, DISCARD_IT, UNDO_IT = "Add", "Discard", "Undo"
LONGEST_LABEL = 60
# Goes back to the last message of an answer that was sent.
LAST_SHOWN = -1
PER_ROW = 4
PRESS = re.compile(r"[a-z]{1,2}(?::-?[0-9]{1,19}){1,3}")
# What the database can look for.
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Press:
    """What a button means: an action on an answer, with up to two numbers."""

    action: str
    answer: int
    numbers: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Write it so that `parse` can read it; at most 64 bytes."""
        return ":".join([self.action, *map(str, (self.answer, *self.numbers))])

    @classmethod
    def parse(cls, data: str) -> "Press":
        """Read what `str` wrote; programs can send anything else as well. Raises `ValueError`."""
        action, *texts = data.split(":")
        numbers = [int(text) for text in texts] if PRESS.fullmatch(data) else []
        if not numbers or max(map(abs, numbers)) > LARGEST:
            msg = "this is no press"
            raise ValueError(msg)
        return cls(action, numbers[0], tuple(numbers[1:]))


# Actions on answers: go to a message of it, show what is around an excerpt, show a near passage, vote.
GO, AROUND, NEAR, VOTE = "m", "c", "n", "f"
# And on settings: how many excerpts, how strict, quiet or not.
SET_EXCERPTS, SET_STRICTNESS, SET_QUIET = "se", "ss", "sq"
# And on documents that were sent, whose number stands in an answer's place.
ADD, DISCARD, UNDO = "ua", "ud", "uu"


def _button(label: str, action: str, answer: int, *numbers: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=str(Press(action, answer, numbers)))


def under_answer(answer: int, screens: Screens, at: int) -> InlineKeyboardMarkup:
    """Give the buttons under message ``at`` of an answer."""
    last_shown = screens.shown - 1
    turning = [_button(BACK, GO, answer, at - 1)] if at > last_shown else []
    turning += [_button(MORE, GO, answer, at + 1)] if at + 1 < len(screens.all) else []
    visible = [
        n
        for screen in (screens.all[: screens.shown] if at == last_shown else [screens.all[at]])
        for n in screen.numbers
    ]
    numbers = list(dict.fromkeys(visible))
    around = [
        _button(f"{CONTEXT} [{number}]" if len(numbers) > 1 else CONTEXT, AROUND, answer, number, 0)
        for number in numbers
    ]
    votes = [_button(UP, VOTE, answer, 1), _button(DOWN, VOTE, answer, -1)]
    return InlineKeyboardMarkup([row for row in (turning, *_rows(around), votes) if row])


def under_not_found(answer: int, near: Sequence[Excerpt]) -> InlineKeyboardMarkup | None:
    """Give a button for each near passage, marked as near."""
    rows = [[_button(_label(excerpt), NEAR, answer, excerpt.number)] for excerpt in near]
    return InlineKeyboardMarkup(rows) if rows else None


def under_near(answer: int, number: int) -> InlineKeyboardMarkup:
    """Give the buttons under a near passage."""
    return InlineKeyboardMarkup(
        [[_button(ANSWER, GO, answer, LAST_SHOWN), _button(CONTEXT, AROUND, answer, number, 0)]]
    )


def under_context(answer: int, number: int, page: int, *, earlier: bool, later: bool) -> InlineKeyboardMarkup:
    """Give the buttons under what is around an excerpt; pages before it have negative numbers."""
    paging = [_button(EARLIER, AROUND, answer, number, page - 1)] if earlier else []
    paging += [_button(LATER, AROUND, answer, number, page + 1)] if later else []
    return InlineKeyboardMarkup([row for row in (paging, [_button(ANSWER, GO, answer, LAST_SHOWN)]) if row])


def of_settings(choices: Choices, usual_excerpts: int, *, group: bool) -> InlineKeyboardMarkup:
    """Give the buttons of a chat's settings; what is chosen is marked, and only a group can be told to be quiet."""
    excerpts = choices.excerpts or usual_excerpts

    def mark(label: str, *, chosen: bool) -> str:
        return f"✓ {label}" if chosen else label

    counts = [_button(mark(f"{n}", chosen=n == excerpts), SET_EXCERPTS, n) for n in range(1, MOST_EXCERPTS + 1)]
    strict = [
        _button(mark(name, chosen=name == choices.strictness), SET_STRICTNESS, number)
        for number, name in enumerate(STRICTNESS)
    ]
    quiet = [_button(mark("quiet in groups", chosen=choices.quiet), SET_QUIET, int(not choices.quiet))]
    return InlineKeyboardMarkup([counts, strict, *([quiet] if group else [])])


def under_preview(arrival: int) -> InlineKeyboardMarkup:
    """Give the buttons under a document that may be added."""
    return InlineKeyboardMarkup([[_button(ADD_IT, ADD, arrival), _button(DISCARD_IT, DISCARD, arrival)]])


def under_added(arrival: int) -> InlineKeyboardMarkup:
    """Give the button under a document that has been added."""
    return InlineKeyboardMarkup([[_button(UNDO_IT, UNDO, arrival)]])


def _label(excerpt: Excerpt) -> str:
    first = excerpt.highlights[0].start - excerpt.citation.start
    said = " ".join(excerpt.text[first:].split())
    return f"≈ {said}" if len(said) <= LONGEST_LABEL else f"≈ {said[: LONGEST_LABEL - 1]}…"


def _rows(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    return [list(buttons[first : first + PER_ROW]) for first in range(0, len(buttons), PER_ROW)]
