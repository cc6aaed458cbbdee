"""Formulas: what they say stays the same in a line."""

import io
import zipfile

import pytest
from lxml import etree
from office_files import WORD, opendocument, pack, words_of

from qa_bot.reading.opendocument import read_opendocument
from qa_bot.reading.structure import line_of_formula

ROOTS = {"mathml": "<math xmlns='http://www.w3.org/1998/Math/MathML'>{}</math>", "office": f"<m:oMath {WORD}>{{}}</m:oMath>"}  # fmt: skip


def m(name: str, *arguments: str, said: str = "") -> str:
    """Write an element of Office's formulas, each argument in an element of its own as Office does."""
    return f"<m:{name}><m:{name}Pr>{said}</m:{name}Pr>{''.join(arguments)}</m:{name}>"


def e(words: str, name: str = "e") -> str:
    """Write an argument."""
    inside = words if words.startswith("<") else f"<m:r><m:t>{words}</m:t></m:r>"
    return f"<m:{name}>{inside}</m:{name}>"


@pytest.mark.parametrize(
    ("root", "formula", "expected"),
    [
        ("mathml", "<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E=mc²"),
        ("mathml", "<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("mathml", "<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a+1)/b"),
        ("mathml", "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup><mi>x</mi><mi>d</mi><mi>x</mi>", "∫_0^1xdx"),
        ("mathml", "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>", "∑_(i=1)^n"),
        ("mathml", "<mi>sin</mi><mo>\u2061</mo><mi>x</mi><mo>,</mo><msub><mi>x</mi><mn>1</mn></msub>", "sin x,x_1"),
        ("mathml", "<msqrt><mi>a</mi><mi>b</mi></msqrt><mroot><mn>8</mn><mn>3</mn></mroot>", "√ab ³√8"),
        ("mathml", "<mover><mi>x</mi><mo>¯</mo></mover><mfenced><mi>a</mi><mi>b</mi></mfenced>", "x¯(a, b)"),
        ("mathml", "<semantics><mrow><mi>a</mi></mrow><annotation>a over b</annotation></semantics>", "a"),
        ("mathml", "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable>", "1, 2; 3, 4"),
        ("mathml", "<mrow>" * 99 + "<mfrac><mn>1</mn><mn>2</mn></mfrac>" + "</mrow>" * 99, "12"),
        ("mathml", "", ""),
        ("office", "<m:r><m:t>E=m</m:t></m:r>" + m("sSup", e("c"), e("2", "sup")), "E=mc²"),
        ("office", m("f", e("1", "num"), e("2", "den")), "1/2"),
        ("office", m("nary", e("0", "sub"), e("1", "sup"), e("x dx")), "∫_0^1 x dx"),
        ("office", m("nary", e("i", "sub"), e("n", "sup"), e("i"), said="<m:chr m:val='∑'/>"), "∑_i^n i"),
        ("office", m("rad", "<m:deg/>", e("a+b")), "√(a+b)"),
        ("office", m("d", e("a"), e("b"), said="<m:begChr m:val='['/><m:endChr m:val=']'/>"), "[a|b]"),
        ("office", m("sSubSup", e("x"), e("i", "sub"), e("k+1", "sup")), "x_i^(k+1)"),
        ("office", m("acc", e("x"), said="<m:chr m:val='→'/>"), "x→"),
    ],
)  # fmt: skip
def test_formulas_in_a_line(root: str, formula: str, expected: str) -> None:
    """Fractions, powers, bounds and roots show as such, whichever program wrote them."""
    assert line_of_formula(etree.fromstring(ROOTS[root].format(formula))) == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (ROOTS["mathml"].format("<mfrac><mn>1</mn><mn>2</mn></mfrac>"), "One half, 1/2, is less."),
        ("<chart/>", "One half, , is less."),
        (None, "One half, , is less."),
    ],
    ids=["formula", "another-object", "missing"],
)
def test_formulas_of_opendocument_stand_in_parts_of_their_own(part: str | None, expected: str) -> None:
    """They are put back into their sentence."""
    frame = '<draw:frame><draw:object xlink:href="./Object 1" xmlns:xlink="http://www.w3.org/1999/xlink"/></draw:frame>'
    content = opendocument(f"<text:p>One half, {frame}, is less.</text:p>")

    assert words_of(read_opendocument(_with(content, part))) == [expected]


def _with(archive: bytes, part: str | None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    return pack(content if part is None else content | {"Object 1/content.xml": part.encode()})
