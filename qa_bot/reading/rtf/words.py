"""What the words of RTF mean here, and in which encoding its bytes are."""

import codecs
import re

# A word with its number, a byte, a sign, the edge of a group, or text.
TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)

SIGNS = {
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emspace": " ", "enspace": " ", "qmspace": " ", "tab": "\t", "line": "\n", "softline": "\n", "nestcell": " ", "~": "\xa0", "_": "‑",
    "\n": "\n", "\r": "\n", "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
# Groups that hold no text of the page.
UNSEEN = frozenset({
    "colortbl", "pict", "object", "objdata", "header", "headerf", "headerl", "headerr", "footer", "footerf", "footerl", "footerr",
    "xe", "tc", "rxe", "txe", "bkmkstart", "bkmkend", "fldinst", "sp", "shprslt", "nonshppict", "annotation", "atnid", "atnauthor",
    "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "pntxta", "pntxtb", "nonesttables", "filetbl", "revtbl", "listtable", "template",
})  # fmt: skip
# Those that hold some although a mark before them lets programs skip what they do not know.
SEEN_ALL_THE_SAME = frozenset({"shpinst", "shptxt", "shppict", "listtext", "pntext", "footnote", "nesttableprops"})
PARAGRAPH_ENDS = frozenset({"par", "sect", "page", "column"})

INFO = frozenset({"title", "author"})
DAYS = frozenset({"revtim", "creatim"})
DATE_PARTS = ("yr", "mo", "dy")
# Where the text of some groups goes; that of no others is kept than of those below.
PLACES = {
    "shptxt": "box", "shpinst": "shape", "listtext": "marker", "pntext": "marker", "fonttbl": "fonttbl",
    "stylesheet": "stylesheet", "info": "info",
}  # fmt: skip
SHOWN = frozenset({"page", "marker", "note", "box", "title", "author", "stylesheet"})
# Words that hide the text behind them, turn that off, or say that it was changed.
HIDING, CHANGED = frozenset({"v", "deleted"}), frozenset({"deleted", "revised"})
SWITCHES = HIDING | CHANGED | {"plain"}
# Words that raise the text behind them above the line, or end that.
RAISING = frozenset({"super", "up"})
PLACING = RAISING | {"nosupersub", "sub", "dn", "plain"}

CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip


def codec_of(page: int) -> str:
    """Name the codec of a code page."""
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "cp1252"
