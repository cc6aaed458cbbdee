"""What a page itself says of its parts: whether it is an article, where its content is, and what is about the site."""

import re

from lxml.etree import _Element as Element
from lxml.html import HtmlElement

from qa_bot.reading.structure import role_of_tag
from qa_bot.records import Role

# Parts of a page that are about the site, by their names in ARIA.
AROUND = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
# What a footer stands in if it is no footer of the site.
INNER = ("article", "main", "blockquote")
# How pages say that they are an article: to social networks, and to search engines.
ARTICLE = re.compile(r"\barticle$", re.IGNORECASE)
ARTICLE_DATA = re.compile(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|Posting)"')

# Programs that make pages of documents; those that make sites are left to the libraries that find articles.
WRITERS = re.compile(
    r"(?:pandoc|libreoffice|openoffice|microsoft word|asciidoc|docbook|docutils|org[ -]mode|groff|tex4ht|latex|hevea|typora)",
    re.IGNORECASE,
)


def is_article(root: HtmlElement) -> bool:
    """Whether the page says that it is an article."""
    kinds = [meta.get("content", "") for meta in root.iter("meta") if meta.get("property") == "og:type"]
    data = [script.text or "" for script in root.iter("script") if script.get("type") == "application/ld+json"]
    return any(map(ARTICLE.search, kinds)) or any(map(ARTICLE_DATA.search, data))


def _is_document(root: HtmlElement) -> bool:
    """Whether a program for writing has made the page of a document, with nothing around it."""
    named = [meta for meta in root.iter("meta") if meta.get("name", "").lower() == "generator"]
    return any(WRITERS.match(meta.get("content", "")) for meta in named)


def scope_of(root: HtmlElement) -> HtmlElement | None:
    """Give the element that the page itself marks as its content, if it is one and only; all of it where it is of no site."""
    if _is_document(root):
        return root.find("body")
    marked = [
        [node for node in root.iter("article") if node.getparent() is not None],
        [node for node in root.iter() if node.tag == "main" or node.get("role") == "main"],
    ]
    for found in marked:
        if len(found) == 1 and found[0].text_content().strip():
            return found[0]
    return None


def role_of(element: Element) -> Role | None:
    """Give the role that an element says its text has: what is about the site is furniture."""
    is_footer = element.tag == "footer" and next(element.iterancestors(*INNER), None) is None
    return Role.FURNITURE if is_footer or element.get("role") in AROUND else role_of_tag(element)
