import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.splitting.sentences import sentences_of


def sentences(text: str, *, lines: bool = False) -> list[str]:
    """Give the sentences of a paragraph as words."""
    return [text[s.start : s.end] for s in sentences_of(text, 0, len(text), lines=lines)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Gen. Haftar spoke.", "He left."],
        ["Dr. Smith met Mr. Jones, Mrs. Brown and Prof. Lee.", "They talked."],
        ["It began on Sept. 20 in Benghazi.", "It ended on Oct. 20 in Tunis."],
        ["The fleet left on Aug. 14.", "Nobody saw it."],
        ["It rose in Jan.", "Then it fell."],
        ["He bought No. 5 and No. 7.", "They fit."],
        ["See Fig. 3 for more.", "It is blue."],
        ["The rule (cf. Art. 5) is old.", "It holds."],
        ["Use a tool, e.g. the Hammer.", "It helps."],
        ["We met at St. Mary's.", "It was full."],
        ["The U.S. economy grew.", "It slowed."],
        ["J. R. R. Tolkien wrote it.", "It sold."],
        ["He works at Acme Inc. in Boston.", "He is happy."],
        ["She left at 5 p.m. on Monday.", "He stayed."],
    ],
    ids=lambda expected: expected[0],
)
def test_abbreviations_do_not_end_sentences(expected: list[str]) -> None:
    """The full stop of a title, a month, a number or an initial is not the end of a sentence."""
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["He said “stop.”", "Then he left."],
        ['"We won."', "He left."],
        ['He said: "It is late.', 'Go home."', "Then he left."],
        ["“We won.", "We did,” she said.", "It rained."],
        ["“Really?” he asked.", "Nobody knew."],
        ["``Stop.''", "He left."],
        ["'Stop.'", "He left."],
        ["« Oui. »", "Il part."],
        ["It was cold (it was winter).", "We slept."],
        ["It was cold.", "(We slept.)"],
        ["It was built in 1066.[3]", "The king lived there."],
        ["It fell.[1][2]", "Nobody came."],
    ],
    ids=lambda expected: expected[0],
)
def test_marks_belong_to_the_sentence_they_close(expected: list[str]) -> None:
    """Quotation marks, brackets and references stand with the sentence they belong to."""
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["It costs 3.50 dollars.", "Version 2.0.1 is 1.5 m long."],
        ["Visit example.com or open config.toml.", "It works."],
        ["Is it true?", "Yes!", "It is."],
        ["What?!", "No way."],
        ["Wait... what happened?", "Nothing."],
        ["The end of 1990.", "1991 began well."],
        ["Prices rose by 3%.", "Wages fell."],
        ["One. two goes on."],
        ["He came. – She left."],
        ["Apple rose.", "iPhone sales fell."],
        ["1. Open the lid.", "2. Close it."],
        ["a) Open the lid.", "b) Close it."],
        ["- Open the lid."],
        ["Hello world.", "Zweiter Satz.", "Третье предложение."],
        ["no end mark"],
    ],
    ids=lambda expected: expected[0],
)
def test_sentences_end_where_the_next_one_begins(expected: list[str]) -> None:
    """An end mark ends a sentence unless what follows goes on, and a list marker stays with its item."""
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The first line goes on\nto the next. And ends\nhere.",
            ["The first line goes on\nto the next.", "And ends\nhere."],
        ),
        ("It began on Sept.\n20 in Benghazi.", ["It began on Sept.\n20 in Benghazi."]),
        ("He met Gen.\nHaftar there.", ["He met Gen.\nHaftar there."]),
        ("One.  \t Two.", ["One.", "Two."]),
    ],
    ids=["end of line", "month", "title", "blanks"],
)
def test_line_ends_of_wrapped_text_are_blanks(text: str, expected: list[str]) -> None:
    """In a wrapped paragraph a line end neither ends a sentence nor hides its end, and it stays in the words."""
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Smith\nBob Jones", ["Ann Smith", "Bob Jones"]),
        ("- One thing\n- Two things. Or three.", ["- One thing", "- Two things.", "Or three."]),
        ("one\n\n  two\n \t\nthree\n", ["one", "two", "three"]),
        ("went on. and\non", ["went on. and", "on"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["| a | b |", "|---|---|", "| 1 | 2 |"]),
    ],
    ids=["names", "list", "blank lines", "lower case", "table"],
)
def test_lines_stand_for_themselves_where_they_should(text: str, expected: list[str]) -> None:
    """With ``lines`` a line end is a sentence end, and lines without words are none."""
    assert sentences(text, lines=True) == expected


def test_offsets_are_those_of_the_document() -> None:
    """Sentences are given by their offsets in the whole document, and never look beyond their paragraph."""
    text = "Not this. One. Two. Nor that."

    found = [(s.start, s.end) for s in sentences_of(text, 10, 19, lines=False)]

    assert found == [(10, 14), (15, 19)]


def test_offsets_count_code_points() -> None:
    """A character beyond the basic plane counts as one."""
    text = "😀 laughs. 👍🏽 agrees."

    assert [(s.start, s.end) for s in sentences_of(text, 0, len(text), lines=False)] == [(0, 9), (10, 20)]


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \t\n "])
@pytest.mark.parametrize("lines", [True, False])
def test_blanks_hold_no_sentence(text: str, *, lines: bool) -> None:
    """Where there is no word there is no sentence."""
    assert sentences(text, lines=lines) == []


def test_long_sentence_stays_whole() -> None:
    """Length alone does not end a sentence."""
    text = "word " * 5_000 + "end."

    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ["北京是首都。", "你好吗？", "很好！", "他说：“走吧。”", "然后走了。"]),
        ("ja", ["これは家です。", "本当？", "はい。"]),
        ("ar", ["أين المكتبة؟", "هي هنا.", "شكرا!"]),
        ("ur", ["یہ کتاب ہے۔", "وہ گھر ہے۔"]),
        ("hi", ["यह घर है।", "वह किताब है।"]),
        ("hy", ["Ի՞նչ ես մտածում:", "Ոչինչ:"]),
        ("de", ["Er kam am 3. Mai an.", "Sie z.B. nicht."]),
        ("ru", ["Он жил в г. Москве.", "Она нет."]),
        ("xx", ["One.", "Two."]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_language_ends_its_sentences(language: str, expected: list[str]) -> None:
    """The end marks and abbreviations of a language are known; of an unknown one, what nearly all have in common."""
    gap = "" if language in {"zh", "ja"} else " "
    text = gap.join(expected)

    found = sentences_of(text, 0, len(text), lines=False, language=language)

    assert [text[s.start : s.end] for s in found] == expected


def test_an_end_mark_behind_a_quotation_stays_with_it() -> None:
    """A full stop left over behind a closing mark is no sentence."""
    assert sentences("Inizia con «Il sottoscritto.». Poi firma.") == ["Inizia con «Il sottoscritto.».", "Poi firma."]


@given(st.text(), st.sampled_from(["en", "ar", "de", "fa", "hi", "hy", "ja", "my", "ru", "th", "zh", "xx"]))
def test_no_character_is_lost_in_any_language(text: str, language: str) -> None:
    """Sentences stand in order without overlap and hold every character that is no blank."""
    found = sentences_of(text, 0, len(text), lines=False, language=language)

    edges = [edge for sentence in found for edge in (sentence.start, sentence.end)]
    assert edges == sorted(edges)
    assert "".join("".join(text[s.start : s.end] for s in found).split()) == "".join(text.split())


@pytest.mark.parametrize("language", ["en", "fr", "ru", "ar", "zh", "xx"])
def test_a_blank_of_any_kind_is_a_blank(language: str) -> None:
    """Between a capital letter and a full stop, too, where the library would end the program."""
    blanks = [chr(code) for code in range(0x110000) if chr(code).isspace() and code > 0x20]
    text = "".join(f"A{blank}. " for blank in blanks)

    found = sentences_of(text, 0, len(text), lines=False, language=language)

    assert "".join(text[sentence.start : sentence.end] for sentence in found).replace(" ", "") == text.replace(" ", "")
