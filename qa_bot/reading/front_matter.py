"""Front matter: what stands above a Markdown text about it, in YAML between ``---`` or in TOML between ``+++``.

PyYAML reads each value as the string that was written: none becomes an object, and an alias is another name for what it
points to, never a copy, so that a few lines cannot grow. python-frontmatter was tried: it reads by the same library,
fails on a day such as 2025-13-01, and cuts the front matter off the text, whose offsets are needed here.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from qa_bot.reading.properties import address_of, authors_of, day_of, language_code

FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(?P<yaml>(?:.*?\n)??)(?:---|\.\.\.)|\+\+\+[ \t]*\n(?P<toml>(?:.*?\n)??)\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
# A line that can be read by itself, though the whole cannot.
LINE = re.compile(r"^(\w[\w-]*)[ \t]*[:=][ \t]*([\"']?)(\S.*?)\2[ \t]*$", re.MULTILINE)
# Nobody writes more, and the parsers are slow.
LONGEST = 50_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values of the front matter of a text, and where the text goes on behind it."""

    end: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title, if there is one."""
        return next(self._texts("title"), "")

    @property
    def author(self) -> str | None:
        """The authors."""
        return authors_of(self._texts("author", "authors"))

    @property
    def source(self) -> str | None:
        """The address on the web."""
        return next(filter(None, map(address_of, self._texts("source"))), None)

    @property
    def date(self) -> str | None:
        """The day."""
        return next(filter(None, map(day_of, self._texts("date"))), None)

    @property
    def language(self) -> str | None:
        """The language's code."""
        return next(filter(None, map(language_code, self._texts("language", "lang"))), None)

    def _texts(self, *names: str) -> Iterator[str]:
        """Yield the values of a name, and of other names for the same, each of which may be a list."""
        for name in names:
            value = self.values.get(name)
            for item in value if isinstance(value, list) else [value]:
                if item is not None and not isinstance(item, dict | list):
                    yield str(item)


def front_matter_of(text: str) -> FrontMatter:
    """Read the front matter of a text.

    What is neither YAML nor TOML, most often for a title with a colon, is read line by line, with a warning. What is no
    list of names with values is a part of the text between two rules.
    """
    found = FRONT_MATTER.match(text)
    if found is None:
        return FrontMatter()
    if found.end() > LONGEST:
        return FrontMatter(
            found.end(), warnings=(f"the front matter is not read: it has more than {LONGEST} characters",)
        )
    try:
        values = _load(found)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        values = {name: value for name, _, value in LINE.findall(found.group())}
        return _named(found.end(), values, f"the front matter is read line by line only: {_reason(exc)}")
    if values is not None and not isinstance(values, dict):
        return FrontMatter()
    return _named(found.end(), values or {})


def _named(end: int, values: Mapping[Any, Any], *warnings: str) -> FrontMatter:
    return FrontMatter(end, {str(name).lower(): value for name, value in values.items()}, warnings)


def _load(found: re.Match[str]) -> Any:  # noqa: ANN401 - YAML has any shape
    if found["toml"] is not None:
        return tomllib.loads(found["toml"])
    # BaseLoader makes strings, lists and mappings only, so it is as safe as the safe one.
    return yaml.load(found["yaml"], Loader=yaml.BaseLoader)  # noqa: S506


def _reason(exc: Exception) -> str:
    if isinstance(exc, yaml.MarkedYAMLError) and exc.problem and exc.problem_mark:
        # The line of dashes above it counts too.
        return f"line {exc.problem_mark.line + 2}: {exc.problem}; values with a colon need quotation marks"
    return "it is nested too deeply" if isinstance(exc, RecursionError) else " ".join(str(exc).split())
