import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import decode
from qa_bot.surrogates import replace_surrogates

FRENCH = (
    "Le conseil municipal s'est réuni lundi à l'hôtel de ville. Après un long débat, les élus ont décidé de rénover le "
    "théâtre et d'agrandir la bibliothèque. Le maire a remercié les bénévoles qui ont préparé la fête de l'été.\n"
)
GERMAN = (
    "Der Bürgermeister eröffnete die Brücke über den Fluß. Schöne Grüße aus München, wo es heute früh geregnet hat.\n"
)
RUSSIAN = (
    "Совет собрался в понедельник в ратуше. После долгих споров было решено починить мост. Мэр поблагодарил всех.\n"
)
SPANISH = (
    "Los habitantes de Coruña celebraron anoche el triunfo del equipo. El alcalde habló después con los periodistas: "
    "«Mañana será un día difícil», dijo, y pidió calma.\n"
)
JAPANESE = "委員会は月曜日に市役所で開かれました。橋は五月五日に開通する予定です。市長は皆さんに感謝しました。\n"
CHINESE = "委员会星期一在市政厅开会。大桥将于五月五日通车——市长感谢所有人。\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8ffff3f0005fe02fea735810000000049454e44ae426082"
)

# No control characters, which may make bytes binary, and no mark at the beginning, which would be taken for one.
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t"))
texts = printable.filter(lambda text: not text.startswith("\ufeff"))


def normalised(text: str) -> str:
    """Give the text with every line end as it should be."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_or_refusal(raw: bytes) -> str | ReadError:
    """Decode, or give the error that refuses."""
    try:
        return decode(raw).text
    except ReadError as exc:
        return exc


@given(texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_comes_back_as_it_was_written(text: str, encoding: str) -> None:
    """Text in UTF-8, or in a Unicode encoding with its mark, is read back exactly, but for its line ends."""
    assert decode(text.encode(encoding)).text == normalised(text)


@given(st.binary(max_size=200) | st.builds(bytes.__add__, st.sampled_from([b"\xff\xfe", b"\xfe\xff"]), st.binary()))
def test_any_bytes_are_text_or_refused(raw: bytes) -> None:
    """Whatever the bytes, the result is clean text or an error of one line."""
    result = text_or_refusal(raw)

    if isinstance(result, ReadError):
        assert str(result).startswith("is not text")
        assert len(str(result).splitlines()) == 1
    else:
        assert "\r" not in result
        assert result.encode().decode() == result


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_mark_says_the_encoding(mark: bytes, encoding: str) -> None:
    """A byte order mark decides the encoding and is no part of the text."""
    decoded = decode(mark + "Así é 日本 😀\n".encode(encoding))

    assert (decoded.text, decoded.encoding, decoded.warnings) == ("Así é 日本 😀\n", encoding, ())


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_nothing_is_empty_text(mark: bytes) -> None:
    """A file without a character is empty text, mark or not."""
    assert (decode(mark).text, decode(mark).warnings) == ("", ())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb\r", "a\nb\n"),
        (b"a\nb\r\nc\rd", "a\nb\nc\nd"),
        (b"a\r\r\nb\n\r", "a\n\nb\n\n"),
    ],
    ids=["windows", "old mac", "mixed", "odd order"],
)
def test_line_ends_become_newlines(raw: bytes, text: str) -> None:
    """CRLF and CR are each one newline."""
    assert decode(raw).text == text


def test_other_line_separators_stay() -> None:
    """Only CR and LF are line ends; form feeds and Unicode separators stay in the text."""
    text = "a\x0cb\x85c\u2028d\u2029e"

    assert decode(text.encode()).text == text


def test_nul_is_kept_with_a_warning() -> None:
    """A stray NUL neither ends the text nor is lost; the operator is told."""
    decoded = decode(b"The council met\x00 on Monday.")

    assert decoded.text == "The council met\x00 on Monday."
    assert decoded.warnings == ("holds NUL characters",)


def test_lone_surrogates_in_utf8_are_replaced() -> None:
    """Encoded lone surrogates, which are no UTF-8, show as replacement characters in a text that is otherwise sound."""
    sound = "The café is open. " * 300

    decoded = decode(sound.encode() + b"a\xed\xa0\x80b")

    assert decoded.text == sound + "a\ufffd\ufffd\ufffdb"
    assert (decoded.encoding, decoded.warnings) == ("utf-8", ("3 damaged utf-8 sequences, shown as \ufffd",))


def test_lone_surrogates_in_utf16_are_replaced() -> None:
    """Half a surrogate pair in UTF-16 shows as one replacement character."""
    decoded = decode(b"\xff\xfea\x00\x00\xd8b\x00")

    assert (decoded.text, decoded.warnings) == ("a\ufffdb", ("1 damaged utf-16-le sequence, shown as \ufffd",))


def test_replacing_surrogates_keeps_offsets() -> None:
    """A replaced surrogate is as long as it was, and characters beyond the basic plane are left alone."""
    assert replace_surrogates("a\ud800b\udfff😀") == "a\ufffdb\ufffd😀"


def test_a_flaw_leaves_utf8_what_it_is() -> None:
    """One bad byte in a long UTF-8 file costs one character, not the encoding of the whole file."""
    sound = "The café is open. " * 100

    decoded = decode(sound.encode() + b"\xff end")

    assert decoded.text == sound + "\ufffd end"
    assert (decoded.encoding, decoded.warnings) == ("utf-8", ("1 damaged utf-8 sequence, shown as \ufffd",))


def test_odd_last_byte_of_utf16_is_a_flaw() -> None:
    """A UTF-16 file cut in the middle of a character is read up to there."""
    decoded = decode(b"\xff\xfea\x00b")

    assert (decoded.text, decoded.warnings) == ("a\ufffd", ("1 damaged utf-16-le sequence, shown as \ufffd",))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "latin-1"),
        (FRENCH.replace("'", "’"), "cp1252"),
        (GERMAN, "latin-1"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (FRENCH, "utf-16-le"),
        ("The council met on Monday.\n", "utf-16-be"),
        (SPANISH, "cp1252"),
        (SPANISH, "mac_roman"),
        (JAPANESE, "iso2022_jp"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
    ],
    ids=[
        "French latin-1",
        "French cp1252",
        "German latin-1",
        "Russian cp1251",
        "Russian koi8-r",
        "utf-16 without mark",
        "utf-16 of ASCII letters",
        "Spanish cp1252",
        "Spanish Macintosh",
        "Japanese 7-bit",
        "Japanese Windows",
        "Japanese Unix",
        "Chinese gb18030",
    ],
)
def test_old_encodings_are_detected(text: str, encoding: str) -> None:
    """Text in an encoding that does not name itself is read right, with a warning that it was guessed."""
    decoded = decode(text.encode(encoding))

    assert decoded.text == text
    assert decoded.warnings == (f"read as {decoded.encoding}: save it as UTF-8 to be sure",)


@pytest.mark.parametrize(
    ("raw", "declared", "text", "encoding"),
    [
        ("Größe".encode("latin-1"), "ISO-8859-1", "Größe", "cp1252"),
        ("“Größe” – 5 €".encode("cp1252"), "latin1", "“Größe” – 5 €", "cp1252"),
        ("Ж".encode("koi8-r"), "KOI8-R", "Ж", "koi8-r"),
        ("①～".encode("cp932"), "x-sjis", "①～", "cp932"),
        ("朱镕基".encode("gb18030"), "gb2312", "朱镕基", "gb18030"),
        ("Größe".encode(), "latin-1", "Größe", "utf-8"),
        (codecs.BOM_UTF8 + b"a", "utf-16", "a", "utf-8"),
        (b"plain", "utf-16", "plain", "utf-8"),
    ],
)
def test_declared_encodings_are_believed_where_the_bytes_allow_it(
    raw: bytes, declared: str, text: str, encoding: str
) -> None:
    """A file may name its encoding, as the web means the name; a mark and UTF-8 tell more."""
    decoded = decode(raw, declared=declared)

    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, encoding, ())


@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "us-ascii", "klingon", "base64", "", "x\x00y"])
def test_impossible_declarations_are_disregarded(declared: str) -> None:
    """What is no encoding of text, unknown, or denied by the bytes, leaves the choice to detection."""
    assert decode(FRENCH.encode("mac_roman"), declared=declared).text == FRENCH


def test_a_declaration_in_bytes_is_not_in_twos() -> None:
    """Where the bytes of a text would be Chinese in UTF-16, as these would, it is not what it says that it is."""
    raw = "été,".encode("cp1252") * 20

    assert raw.decode("utf-16-le").isprintable()
    assert decode(raw, declared="utf-16") == decode(raw)


def test_a_lone_letter_is_no_flaw() -> None:
    """However little of a text is not ASCII, it is in the encoding in which all of it makes sense."""
    text = "The menu is short, and it has not changed for years. " * 40 + "Every guest has a café au lait."

    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    "raw",
    [PNG, b"\x00\x01\x02\x03" * 50, b"plain" * 20 + b"\x07" * 30, codecs.BOM_UTF16_LE + b"\x01\x00" * 20],
    ids=["picture", "numbers", "bells", "marked"],
)
def test_binary_is_refused(raw: bytes) -> None:
    """What is full of control characters is no text, whatever its first bytes say."""
    with pytest.raises(ReadError, match=r"^is not text"):
        decode(raw)
