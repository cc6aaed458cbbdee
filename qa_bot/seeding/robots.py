"""What the robots.txt of a host allows, by RFC 9309."""

from dataclasses import dataclass

from protego import Protego

# The name that robots.txt knows us by.
ROBOT = "qa_bot"
# So much of a robots.txt counts, at least, says the standard; longer ones are cut.
LONGEST_ROBOTS = 500_000
# Who asks for more patience than this is asked no more often than that, but not more seldom either.
LONGEST_DELAY = 60.0

CLIENT_ERRORS = range(400, 500)
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a host; without any, everything is allowed, unless there is a ``fault``: why they cannot be had."""

    parsed: Protego | None = None
    fault: str = ""

    def refusal(self, url: str) -> str | None:
        """Say why a page may not be fetched, in the predicate of a sentence about it; nothing if it may."""
        if self.fault:
            return f"may not be fetched, since the robots.txt of its host cannot be: that {self.fault}"
        if self.parsed is not None and not self.parsed.can_fetch(url, ROBOT):
            return "may not be fetched, says the robots.txt of its host"
        return None

    @property
    def delay(self) -> float:
        """The seconds that the host wants between two requests."""
        wanted = None if self.parsed is None else self.parsed.crawl_delay(ROBOT)
        return min(max(wanted or 0.0, 0.0), LONGEST_DELAY)


EVERYTHING = Rules()


def rules_of(status: int, body: bytes) -> Rules:
    """Read the rules out of a host's response; without a file all is allowed, with a broken server nothing."""
    if status in CLIENT_ERRORS and status != TOO_MANY_REQUESTS:
        return EVERYTHING
    if status != 200:  # noqa: PLR2004 - the number says it
        return Rules(fault=f"cannot be had: its server answers {status}")
    return Rules(Protego.parse(body[:LONGEST_ROBOTS].decode("utf-8", "replace")))
