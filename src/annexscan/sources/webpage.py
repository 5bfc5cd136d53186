"""A saved web page in, one listing for each good it offers out.

Structured data, product cards and the visible text are read one after the other. Every visible line ends in some
listing: structured descriptions are often cut short, and the words that decide may stand only on the page.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from annexscan.errors import InputError
from annexscan.listing import Listing, Origin
from annexscan.sources import cards, encoding, structured
from annexscan.sources.product import Product, squeezed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.\-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.\-]+)", re.IGNORECASE)
_UNSEEN = (
    "script, style, template, noscript, svg, iframe, nav, footer, [role=navigation], [role=contentinfo], "
    # A panel hidden behind a tab is read: shops keep specifications there.
    '[hidden]:not([role=tabpanel]), [aria-hidden="true"]:not([role=tabpanel])'
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LEAST_REST = 40  # characters of leftover text below which, beside other listings, it is page furniture


def read(path: Path, display: str, sha256: str) -> Iterator[Listing | InputError]:
    """The listings of one HTML page.

    Args:
        path: The file.
        display: Its name in origins and messages.
        sha256: Its hash, for the origins.
    """
    from selectolax.lexbor import LexborHTMLParser

    text, note = _decoded(path.read_bytes(), display)
    if note:
        yield note
    tree = LexborHTMLParser(text)
    found: list[Product] = []
    for item in structured.products(tree.html or "", display):
        if isinstance(item, InputError):
            yield item
        else:
            _add(found, item)
    page = _page_facts(tree)
    _strip_unseen(tree)
    cards.mark_breaks(tree)
    if tree.body is not None:
        for card in cards.take(tree.body):
            _add(found, card)
        _add_rest(found, page, cards.lines(tree.body))
    if not found:
        yield InputError(
            "the page shows no text",
            path=display,
            remedy="save it again from the browser once it has loaded, or save it as PDF",
        )
    for product in found:
        fields = {**_shared(page), **product.fields}
        yield Listing(
            id=f"{Path(display).name}#{product.record}",
            title=product.title,
            description=product.description,
            origin=Origin(display, sha256, record=product.record),
            extra=product.extra,
            **fields,
        )


def _decoded(data: bytes, display: str) -> tuple[str, InputError | None]:
    """The page as text: byte order mark, then UTF-8 where it is valid, then what the page says, then a guess."""
    found = encoding.of_bytes(data)
    if found.guessed_from is not None:
        label = _XML.search(data[:1024]) or _META.search(data[:4096])
        stated = encoding.labelled(label[1].decode("ascii", "replace")) if label else None
        if stated and not stated.startswith("utf"):
            found = encoding.Encoding(stated)
    else:
        label = _META.search(data[:4096])
        stated = encoding.labelled(label[1].decode("ascii", "replace")) if label else None
        if stated and stated.startswith(("iso2022", "hz")):  # seven-bit encodings are valid UTF-8 as well
            found = encoding.Encoding(stated)
    return data.decode(found.name, errors="replace").replace("\0", ""), found.note(display)


def _add(found: list[Product], new: Product) -> None:
    """Merges a product into the one that an earlier layer found, or appends it."""
    if not new.title and not new.description:
        return
    for known in found:
        if known.is_same(new) and (
            known.layer != new.layer or squeezed(known.description) == squeezed(new.description)
        ):
            known.absorb(new)
            return
    found.append(new)


def _page_facts(tree: "LexborHTMLParser") -> Product:
    """What the page says about itself: its heading as title, and seller and address where it names them."""

    def content(selector: str, attribute: str = "content") -> str:
        node = tree.css_first(selector)
        return ((node.attributes.get(attribute) or "") if node is not None else "").strip()

    def shown(selector: str) -> str:
        node = tree.css_first(selector)
        return " ".join(node.text().split()) if node is not None else ""

    url = content('link[rel="canonical"]', "href") or content('meta[property="og:url"]')
    seller = content('meta[property="og:site_name"]')
    fields = {name: value for name, value in (("url", url), ("seller", seller)) if value}
    title = shown("h1") or shown("title") or content('meta[property="og:title"]')
    summary = content('meta[name="description" i]')
    return Product("page/0", title, summary, fields)


def _shared(page: Product) -> dict[str, str]:
    return {name: value for name, value in page.fields.items() if name == "seller"}


def _strip_unseen(tree: "LexborHTMLParser") -> None:
    gone: list[LexborNode] = tree.css(_UNSEEN)
    for node in tree.css("[style]"):
        style = node.attributes.get("style") or ""
        if _NOT_SHOWN.search(style) and node.attributes.get("role") != "tabpanel" and node.tag not in {"html", "body"}:
            gone.append(node)
    inner = {node.mem_id for node in gone}
    for node in gone:
        above = node.parent
        while above is not None and above.mem_id not in inner:
            above = above.parent
        if above is None:  # a node below another one goes with it
            node.decompose()


def _add_rest(found: list[Product], page: Product, lines: list[str]) -> None:
    """Gives the text outside all cards to the product the page is about, or makes it a listing of its own."""
    heading = squeezed(page.title)
    stated = [product for product in found if product.layer != "card"]
    about = [product for product in stated if squeezed(product.title) and squeezed(product.title) in heading]
    main = about[0] if len(about) == 1 else stated[0] if len(stated) == 1 else None
    if main is not None:
        main.absorb(replace(page, description="\n".join(lines)))
        return
    rest = Product(page.record, page.title, "", page.fields)
    everything = " ".join(squeezed(f"{product.title} {product.description}") for product in found)
    rest.add_lines("\n".join(line for line in lines if squeezed(line) not in everything))
    if not found and not rest.description:
        rest.add_lines(page.description)
    if rest.description or not found:
        enough = len(rest.description) >= _LEAST_REST or not found
        if enough and (rest.title or rest.description):
            found.append(rest)
