"""Web pages: the article's text by trafilatura, checked against what a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from vectorstore.articles import Document
from vectorstore.cleaning import read_tag_characters
from vectorstore.dates import parse_date
from vectorstore.errors import LoadError
from vectorstore.loaders.decoding import read_text
from vectorstore.loaders.hidden import remove_unseen
from vectorstore.loaders.loaded import Loaded

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
_AROUND_TAGS = frozenset(("nav", "footer", "aside", "form", "figure", "menu"))
_UNREAD_TAGS = ("title", "head", "script", "style", "")
_BEHIND_TITLE = re.compile(r"\s*(?:[|–—·•]|\s-\s)(?:.*[|–—·•]|.*\s-\s)?\s*([^|–—·•]+)")
_LONGEST_BEHIND = 120  # characters: looking through more takes their square
_OUTLET_WORDS = 4
_LONG = 60
_LINKED = 0.5
# Under this share of the visible paragraphs' characters trafilatura has missed the article.
_SENSIBLE_RECALL = 0.75


@dataclass(frozen=True, slots=True)
class _Block:
    """One visible paragraph; `link_share` is how much of it is links."""

    text: str
    link_share: float
    around: bool

    @property
    def is_prose(self) -> bool:
        return len(self.text) >= _LONG and self.link_share < _LINKED and not self.around


def load(data: bytes, source: str, charset: str | None = None) -> Loaded:
    """Read a page's article: its paragraphs with a blank line between, title first.

    What a reader can't see is taken out before anything else. Then trafilatura extracts.
    Where it gives less than three quarters of the visible paragraphs of the article (or of
    the page), or leaves one out between two that it kept, all visible blocks from the first
    such paragraph to the last are taken instead, link lists excepted.

    Raises:
        LoadError: it isn't text, or shows no text without JavaScript.
    """
    page = read_text(data, charset or _find_charset(data), name=repr(source))
    root = _parse(page.text)
    if root is None:
        raise LoadError(f"{source!r} is empty: there is no page in it.")
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    hidden = remove_unseen(root)
    hidden += read_tag_characters(root.text_content())  # trafilatura drops them
    url = source if urlsplit(source).scheme in ("http", "https") else None
    about = _read_metadata(root, url)
    tab = _clean_field(root.findtext(".//title")) or ""
    blocks = _list_blocks(_find_article(root))
    text = _extract(root, url)
    if not _is_complete(text, blocks):
        text = _join_prose(blocks) or text
    if not text.strip():
        raise LoadError(
            f"{source!r} shows no text of its own: it may need JavaScript or a login; save the "
            "page from a browser, or its text as .txt, and load that."
        )
    title = _clean_field(about.title)
    if title and not text.startswith(title) and _shows(root, title):
        text = f"{title}\n\n{text}"
    outlets = (_clean_field(about.sitename), _tab_outlet(tab, title), _clean_field(about.hostname))
    document = Document(
        text=text,
        source=source,
        title=title,
        outlet=next(filter(None, outlets), None),
        date=parse_date(str(about.date or "")),
        language=language.strip() or None,
        hidden=tuple(hidden),
    )
    return Loaded([document], [], page.remarks)


def read_visible_text(markup: str) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a piece of HTML that a reader sees, and the hidden texts."""
    root = _parse(markup)
    if root is None:
        return [], []
    hidden = remove_unseen(root)
    return [block.text for block in _list_blocks(root)], hidden


def _find_charset(data: bytes) -> str | None:
    found = _META_CHARSET.search(data[:4096])
    return found.group(1).decode("ascii", "replace") if found else None


def _parse(page: str) -> HtmlElement | None:
    from lxml import html
    from lxml.etree import LxmlError

    page = _XML_DECLARATION.sub("", page.replace("\0", ""))
    try:
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
        return html.document_fromstring(page, parser=parser)
    except (LxmlError, ValueError):
        return None


def _read_metadata(root: HtmlElement, url: str | None) -> Any:  # noqa: ANN401 - untyped
    """Return trafilatura's metadata, then take out the JSON it may have come from.

    trafilatura falls back on an article in that JSON, which no reader of the page sees.
    """
    from lxml import html
    from trafilatura import extract_metadata

    about = extract_metadata(
        html.tostring(root, encoding="unicode"),
        default_url=url,
        date_config={"extensive_search": False, "original_date": True},
    )
    for script in list(root.iter("script")):
        script.drop_tree()
    return about


def _extract(root: HtmlElement, url: str | None) -> str:
    from lxml import html
    from trafilatura import bare_extraction

    found = bare_extraction(
        html.tostring(root, encoding="unicode"),
        url=url,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
    )
    return _tidy(str(getattr(found, "text", None) or ""))


def _shows(root: HtmlElement, title: str) -> bool:
    """Tell whether a reader sees the title, on the page or on its tab."""
    seen = [block.text for block in _list_blocks(root)]
    return _fold(title) in _fold(f"{root.findtext('.//title') or ''} {' '.join(seen)}")


def _tab_outlet(tab: str, title: str | None) -> str | None:
    """Return what the tab says behind the title and a stroke: the site's name, if short.

    Between them may stand the section's.
    """
    if not title or not tab.startswith(title):
        return None
    behind = tab[len(title) :]
    named = _BEHIND_TITLE.fullmatch(behind) if len(behind) <= _LONGEST_BEHIND else None
    name = named[1].strip() if named else ""
    return name if 0 < len(name.split()) <= _OUTLET_WORDS else None


def _find_article(root: HtmlElement) -> HtmlElement:
    """Return the element that says it is the article, if it is the only one; else the page."""
    for query in (
        "//*[@itemprop='articleBody']",
        "//article",
        "//main | //*[@role='main']",
    ):
        found: list[HtmlElement] = root.xpath(query)
        if len(found) == 1 and len(found[0].text_content()) >= 2 * _LONG:
            return found[0]
    body = root.find("body")
    return body if body is not None else root


class _BlockCollector:
    """Gathers a page's visible text into blocks while it is walked."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self._parts: list[str] = []
        self._linked = 0

    def add(self, text: str | None, in_link: bool) -> None:
        if text:
            self._parts.append(re.sub(r"\s+", " ", text))
            self._linked += len(text.strip()) if in_link else 0

    def break_line(self) -> None:
        self._parts.append("\n")

    def flush(self, around: bool) -> None:
        """End a block; two line breaks in a row end one as well."""
        joined = re.sub(r" *\n *", "\n", "".join(self._parts))
        for piece in re.split(r"\n{2,}", joined):
            text = re.sub(r" +", " ", piece).strip()
            if text:
                self.blocks.append(_Block(text, min(1.0, self._linked / len(joined)), around))
        self._parts.clear()
        self._linked = 0


def _list_blocks(root: HtmlElement) -> list[_Block]:
    """Return the visible paragraphs in order; a block element or two <br> end one."""
    collector = _BlockCollector()
    # An explicit stack: pages nest deeper than Python recurses.
    stack: list[tuple[HtmlElement, bool, bool, bool]] = [(root, False, False, False)]
    while stack:
        element, in_link, around, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        is_block = tag in _BLOCK_TAGS
        if leaving:
            if is_block:
                collector.flush(around or tag in _AROUND_TAGS)
            if element is not root:
                collector.add(element.tail, in_link)
            continue
        stack.append((element, in_link, around, True))
        if tag in _UNREAD_TAGS:
            continue
        if tag == "br":
            collector.break_line()
        if is_block:
            collector.flush(around)
        in_link, around = in_link or tag == "a", around or tag in _AROUND_TAGS
        collector.add(element.text, in_link)
        stack.extend((child, in_link, around, False) for child in reversed(element))
    collector.flush(False)
    return collector.blocks


def _fold(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _is_complete(text: str, blocks: list[_Block]) -> bool:
    """Tell whether the extraction has the visible prose, and all of it in its middle."""
    folded = _fold(text)
    prose = [block for block in blocks if block.is_prose]
    kept = [_fold(block.text) in folded for block in prose]
    total = sum(len(block.text) for block in prose)
    got = sum(len(block.text) for block, there in zip(prose, kept, strict=True) if there)
    if total == 0:
        return bool(folded)
    if not any(kept) or got < _SENSIBLE_RECALL * total:
        return False
    first, last = kept.index(True), len(kept) - 1 - kept[::-1].index(True)
    return all(kept[first : last + 1])


def _join_prose(blocks: list[_Block]) -> str:
    """Return the blocks from the first paragraph of prose to the last, without link lists."""
    prose = [n for n, block in enumerate(blocks) if block.is_prose]
    if not prose:
        visible = (block.text for block in blocks if not block.around)
        return "\n\n".join(visible)
    chosen = blocks[prose[0] : prose[-1] + 1]
    return "\n\n".join(b.text for b in chosen if b.link_share < _LINKED and not b.around)


def _tidy(text: str) -> str:
    """Put a blank line between trafilatura's paragraphs."""
    return "\n\n".join(line.strip() for line in text.splitlines() if line.strip())


def _clean_field(value: object) -> str | None:
    text = re.sub(r"\s+", " ", str(value or "")).strip()
    return text or None
