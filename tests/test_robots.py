"""Hosts are asked as their robots.txt wants it, and patiently."""

import pytest
from httpx import URL
from web import Reply, Web, fetcher, redirect, refusal, text

from qa_bot.config import Fetching
from qa_bot.errors import SeedingError
from qa_bot.seeding.fetching import Fetcher

ROBOTS = """
User-agent: *
Disallow: /private
Allow: /private/but/this
Disallow: /*.pdf$

User-agent: evil
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/a", True), ("/private/a", False), ("/private/but/this", True), ("/a.pdf", False), ("/a.pdf?x", True)],
)
def test_robots_txt_is_respected(web: Web, path: str, allowed: bool) -> None:  # noqa: FBT001 - a table
    """By its longest match and with its wildcards; what it forbids is not asked for, unless the settings say so."""
    web.pages |= {"/robots.txt": text(ROBOTS), path: text("here")}
    one = fetcher()
    if allowed:
        assert one.fetch(URL(web.url(path))) is not None
    else:
        with pytest.raises(SeedingError, match=r"^may not be fetched, says the robots\.txt of its host$"):
            one.fetch(URL(web.url(path)))
    assert web.asked == ["/robots.txt", path][: 1 + allowed]
    assert fetcher(robots=False).fetch(URL(web.url(path))) is not None


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        (Reply(status=404), None),
        (Reply(status=403), None),
        (redirect("/moved"), None),
        (Reply(b"\xff\xfe\x00 nonsense \n" * 100_000), None),
        (Reply(status=503), "cannot be had: its server answers 503"),
        (Reply(status=429), "cannot be had: its server answers 429"),
        (redirect("/robots.txt"), "is redirected more than 5 times"),
    ],
    ids=["missing", "forbidden", "moved", "nonsense", "down", "busy", "circle"],
)
def test_a_robots_txt_that_cannot_be_read(web: Web, robots: Reply, reason: str | None) -> None:
    """One that is missing allows everything, one that a broken server keeps back nothing."""
    web.pages |= {"/robots.txt": robots, "/a": text("here"), "/moved": text("User-agent: *\nDisallow: /b")}
    if reason is None:
        assert fetcher().fetch(URL(web.url("/a"))) is not None
    else:
        assert refusal(web) == f"may not be fetched, since the robots.txt of its host cannot be: that {reason}"
    assert ("/a" in web.asked) is (reason is None)


def test_a_host_is_asked_patiently(web: Web) -> None:
    """Between two requests lies the delay of the settings, or the longer one that robots.txt asks for; robots.txt is read once."""
    web.pages |= {path: text("here") for path in ("/a", "/b", "/c")}
    waited: list[float] = []
    for robots, expected in (
        ("", 5),
        ("User-agent: qa_bot\nCrawl-delay: 7", 7),
        ("User-agent: *\nCrawl-delay: 900", 60),
    ):
        web.pages["/robots.txt"] = text(robots)
        web.asked.clear()
        waited.clear()
        one = Fetcher(Fetching(allow_private=True, delay_seconds=5), sleep=waited.append)
        for path in ("/a", "/b", "/c"):
            one.fetch(URL(web.url(path)))

        assert [round(seconds) for seconds in waited] == [expected] * 2
        assert web.asked == ["/robots.txt", "/a", "/b", "/c"]
