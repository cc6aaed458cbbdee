"""Reading text that is marked up in HTML, with the tags, the offsets in bytes and the errors of the real server."""

import re
from typing import NamedTuple, NoReturn

from telegram_emulator.errors import refuse
from telegram_emulator.parameters import Json

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "tg-emoji": "custom_emoji", "tg-time": "date_time", "a": "text_link", "pre": "pre",
    "code": "code", "blockquote": "blockquote",
}  # fmt: skip
SPACES = " \t\r\n\v\0"
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(?:x(?P<hex>[0-9a-fA-F]*)|(?P<decimal>[0-9]*))|(?P<name>[A-Za-z]*));?")
# A numeric reference that is longer than this stays as it is.
LONGEST_REFERENCE = 10
ATTRIBUTES = {("a", "href"): "", ("code", "class"): "language-", ("span", "class"): "tg-", ("tg-emoji", "emoji-id"): "",
              ("tg-time", "unix"): ""}  # fmt: skip


class Tag(NamedTuple):
    """A tag that is open, and where its text begins."""

    name: str
    argument: str
    start: int


def utf16(text: str) -> int:
    """Count the UTF-16 units of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cant_parse(problem: str) -> NoReturn:
    """Refuse marked up text."""
    refuse(f"can't parse entities: {problem}")


class HtmlReader:
    """Reads one marked up text from its beginning to its end."""

    def __init__(self, source: str) -> None:
        # The closing NUL saves the question whether there is another character.
        self.source = source + "\0"
        self.at = 0
        self.text: list[str] = []
        self.open: list[Tag] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        """Give the text without its tags, and what the tags say of it."""
        while self.at < len(self.source) - 1:
            if self.source[self.at] == "<":
                begin, self.at = self.at, self.at + 1
                if self.source[self.at] == "/":
                    self._end_tag(begin)
                else:
                    self._start_tag(begin)
                self.at += 1
            else:
                self.text.append(self._character())
        if self.open:
            cant_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self.text), self.entities

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _character(self) -> str:
        """Take one character, or a reference to one."""
        character = self.source[self.at]
        reference = REFERENCE.match(self.source, self.at) if character == "&" else None
        decoded = decode(reference) if reference else ""
        self.at += reference.end() - reference.start() if reference and decoded else 1
        return decoded or character

    def _skip(self, stops: str) -> str:
        start = self.at
        while self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _skip_spaces(self) -> None:
        while self.source[self.at] in SPACES[:-1]:
            self.at += 1

    def _start_tag(self, begin: int) -> None:
        offset = self._byte(begin)
        name = self._skip(SPACES + ">").lower()
        if self.source[self.at] == "\0":
            cant_parse(f"Unclosed start tag at byte offset {offset}")
        if name not in TAGS:
            cant_parse(f'Unsupported start tag "{name}" at byte offset {offset}')
        argument = ""
        while self.source[self.at] != ">":
            self._skip_spaces()
            if self.source[self.at] != ">":
                argument = self._attribute(name, offset) or argument
        if name == "span" and argument != "spoiler":
            cant_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.open.append(Tag(name, argument, len(self.text)))

    def _attribute(self, tag: str, offset: int) -> str:
        """Read one attribute and give what it adds to its tag."""
        attribute = self._skip(SPACES + "=>/\"'")
        if not attribute:
            cant_parse(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        self._skip_spaces()
        if self.source[self.at] != "=":
            if self.source[self.at] == "\0":
                cant_parse(f'Unclosed start tag "{tag}" at byte offset {offset}')
            return "1" if (tag, attribute) == ("blockquote", "expandable") else ""
        self.at += 1
        self._skip_spaces()
        if self.source[self.at] == "\0":
            cant_parse(f'Unclosed start tag "{tag}" at byte offset {offset}')
        value = self._quoted() if self.source[self.at] in "\"'" else self._token()
        if self.source[self.at] == "\0":
            cant_parse(f"Unclosed start tag at byte offset {offset}")
        if (tag, attribute) == ("blockquote", "expandable"):
            return "1"
        prefix = ATTRIBUTES.get((tag, attribute))
        return value.removeprefix(prefix) if prefix is not None and value.startswith(prefix) else ""

    def _quoted(self) -> str:
        mark = self.source[self.at]
        self.at += 1
        value = []
        while self.source[self.at] not in {mark, "\0"}:
            value.append(self._character())
        if self.source[self.at] == mark:
            self.at += 1
        return "".join(value)

    def _token(self) -> str:
        start = self.at
        while self.source[self.at].isascii() and (self.source[self.at].isalnum() or self.source[self.at] in ".-"):
            self.at += 1
        if self.source[self.at] not in SPACES + ">":
            cant_parse(f"Unexpected end of name token at byte offset {self._byte(start)}")
        return self.source[start : self.at].lower()

    def _end_tag(self, begin: int) -> None:
        offset = self._byte(begin)
        if not self.open:
            cant_parse(f"Unexpected end tag at byte offset {offset}")
        self.at += 1
        name = self._skip(SPACES + ">").lower()
        self._skip_spaces()
        if self.source[self.at] != ">":
            cant_parse(f"Unclosed end tag at byte offset {offset}")
        tag = self.open[-1]
        if name not in {"", tag.name}:
            cant_parse(f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"')
        self.open.pop()
        inside = "".join(self.text[tag.start :])
        if inside:
            self._add(tag, inside)

    def _add(self, tag: Tag, inside: str) -> None:
        entity: Json = {
            "type": TAGS[tag.name],
            "offset": utf16("".join(self.text[: tag.start])),
            "length": utf16(inside),
        }
        last = self.entities[-1] if self.entities else {}
        same = (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"])
        if tag.name == "pre" and same and last.get("type") == "code" and last.get("language"):
            last["type"] = "pre"
        elif tag.name == "code" and same and last.get("type") == "pre" and tag.argument:
            last["language"] = tag.argument
        else:
            detail = describe(tag, inside)
            if detail is not None:
                self.entities.append(entity | detail)


def decode(reference: re.Match[str]) -> str:
    """Give the character that is referred to, or nothing when the reference is just text."""
    if reference["name"] is not None:
        return CHARACTERS.get(reference["name"], "")
    digits = reference["hex"] or reference["decimal"]
    number = int(digits or "0", 16 if reference["hex"] else 10)
    length = len(reference[0].removesuffix(";"))
    return chr(number) if 0 < number < 0x10FFFF and length < LONGEST_REFERENCE else ""


def describe(tag: Tag, inside: str) -> Json | None:
    """Give what else the tag says, or nothing when it says nothing at all: a link to nowhere is just text."""
    if tag.name == "a":
        return link(tag.argument or inside)
    if tag.name == "tg-emoji":
        if not tag.argument.isdigit() or int(tag.argument) == 0:
            refuse("Invalid custom emoji identifier specified")
        return {"custom_emoji_id": tag.argument}
    if tag.name == "tg-time":
        if not tag.argument.isdigit():
            refuse("Invalid date specified")
        return {"unix_time": int(tag.argument)}
    if tag.name == "blockquote" and tag.argument:
        return {"type": "expandable_blockquote"}
    return {"language": tag.argument} if tag.name == "code" and tag.argument else {}


def link(target: str) -> Json | None:
    """Give what a link leads to: a person, or an address that looks like one."""
    person = re.fullmatch(r"tg://user\?id=(\d+)", target)
    if person:
        return {"type": "text_mention", "user": {"id": int(person[1]), "is_bot": False, "first_name": ""}}
    address = checked_address(target)
    return {"url": address} if address else None


def checked_address(target: str) -> str:
    """Give an address as the server keeps it, or nothing when it is none."""
    found = re.fullmatch(r"(?i)(?:(https?|tg|ton|tonsite)://)?([^\s/?#]+)([/?#]\S*)?", target.strip())
    if not found:
        return ""
    protocol, host, rest = (found[1] or "http").lower(), found[2].lower(), found[3] or ""
    if protocol in {"http", "https"}:
        if "." not in host.strip(".") and not host.startswith("localhost"):
            return ""
        rest = rest or "/"
    return f"{protocol}://{host}{rest}"


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Take the tags out of a text."""
    return HtmlReader(source).read()
