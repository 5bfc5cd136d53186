"""The visible part of a page in, its lines of text and its product cards out.

Blocks are set apart with a control character that no page holds, so that ``leg <b>irons</b>`` stays together while
two list items do not.
"""

import re
from typing import TYPE_CHECKING

from annexscan.sources.product import Product, squeezed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_BREAK = "\x1e"
_CELL = "\x1f"
_BLOCKS = (
    "address, article, aside, blockquote, br, button, caption, center, dd, details, dialog, div, dl, dt, fieldset, "
    "figcaption, figure, form, h1, h2, h3, h4, h5, h6, header, hr, label, legend, li, main, ol, option, p, pre, "
    "section, select, summary, table, tr, ul"
)
_CARD_TAGS = frozenset({"li", "div", "article", "tr", "section", "a", "dl", "figure"})
_TITLES = (
    "h1, h2, h3, h4, h5, h6",
    "[itemprop=name]",
    "[class*=title i]",
    "[class*=name i]",
    "dt, strong, b",
    "a[href]",
)
"""Where a card's title may stand, the surest place first."""

_CODES = (
    "USD|EUR|GBP|CNY|RMB|RUB|INR|JPY|TRY|PLN|BRL|CHF|CAD|AUD|UAH|ZAR|AED|SAR|HKD|TWD|KRW|THB|MXN|SEK|NOK|DKK|CZK|HUF|RON|"
    "VND|IDR|MYR|EGP|IRR|ILS|Euro|euro|Rs|Rp|RM|TL|Kč|kr|Ft|lei|zł|руб|грн|ريال|درهم|دينار|جنيه|تومان|บาท|원|元|円"
)
_NUMBER = r"\d[\d.,'\u2019 \u00a0\u202f]{0,20}"
_PRICE = re.compile(
    rf"(?P<before>(?:US|R|A|C|HK|NT|MX)?[$€£¥₹₽₺₩₴₫฿]|\b(?:{_CODES})\b\.?)\s*(?P<amount>{_NUMBER})"
    rf"|(?P<first>{_NUMBER})\s*(?P<after>[$€£¥₹₽₺₩₴₫฿]|(?:{_CODES})(?![^\W\d_]))"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST_TITLE = 300
_LEAST_LETTERS = 12
_MOST_LINKS = 6


def mark_breaks(tree: "LexborHTMLParser") -> None:
    """Sets blocks and table cells apart in place; call once, before :func:`take` and :func:`lines`."""
    for node in tree.css(_BLOCKS):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    for node in tree.css("td, th"):
        node.insert_after(_CELL)


def lines(node: "LexborNode") -> list[str]:
    """The text below a node, one block a line, without empty lines; cells of a row are parted by a tab."""
    out = []
    for block in node.text().split(_BREAK):
        cells = (" ".join(cell.split()) for cell in block.split(_CELL))
        line = "\t".join(filter(None, cells))
        if line:
            out.append(line)
    return out


def take(body: "LexborNode") -> list[Product]:
    """Cuts the product cards out of the page and returns them in document order.

    A card is one of at least two siblings of one tag that each show a title and a price, or of at least three with a
    title and a picture. The innermost such group counts.
    """
    nodes = list(body.traverse())
    candidates: dict[int, list[LexborNode]] = {}
    priced: set[int] = set()
    holding: set[int] = set()
    chosen: list[LexborNode] = []
    for node in reversed(nodes):  # what stands inside comes before what stands around it
        group = _group(candidates.pop(node.mem_id, []), priced)
        chosen += group
        above = node.parent
        if above is None:
            continue
        if node.mem_id not in priced and node.tag in _CARD_TAGS and _PRICE.search(_plain(node)):
            priced.add(node.mem_id)
        if node.mem_id in priced:
            priced.add(above.mem_id)
        if group or node.mem_id in holding:
            holding.add(above.mem_id)
        elif node.tag in _CARD_TAGS and (node.mem_id in priced or _shows_good(node)) and _title(node):
            candidates.setdefault(above.mem_id, []).append(node)
    place = {node.mem_id: number for number, node in enumerate(nodes)}
    chosen.sort(key=lambda node: place[node.mem_id])
    products = [_product(node, f"card/{number}") for number, node in enumerate(chosen)]
    for node in chosen:
        node.decompose()
    return products + _defined(body, len(products))


def _defined(body: "LexborNode", number: int) -> list[Product]:
    """The entries of definition lists with at least two priced entries, cut out of the page: a term and its details."""
    products: list[Product] = []
    for table in body.css("dl:not(:has(dl))"):
        entries: list[list[LexborNode]] = []
        for node in table.css("dt, dd"):
            if node.tag == "dt":
                entries.append([])
            if entries:
                entries[-1].append(node)
        texts = [[line for node in entry for line in lines(node)] for entry in entries]
        if sum(bool(_PRICE.search("\n".join(text))) for text in texts) < 2:
            continue
        for first, *rest in filter(None, texts):
            products.append(Product(f"card/{number}", first, "\n".join(rest), _price("\n".join(rest))))
            number += 1
        for node in (node for entry in entries for node in entry):
            node.decompose()
    return products


def _price(text: str) -> dict[str, str]:
    price = _PRICE.search(text)
    if not price:
        return {}
    amount = (price["amount"] or price["first"]).strip(" .,'’\u00a0\u202f")
    return {"price": amount, "currency": price["before"] or price["after"]}


def _group(siblings: "list[LexborNode]", priced: set[int]) -> "list[LexborNode]":
    """Those of one parent's children that are cards."""
    cards: list[LexborNode] = []
    for tag in {node.tag for node in siblings}:
        alike = [node for node in siblings if node.tag == tag]
        with_price = [node for node in alike if node.mem_id in priced]
        if len(alike) >= 3:
            cards += alike
        elif len(with_price) >= 2:
            cards += with_price
    return cards


def _shows_good(node: "LexborNode") -> bool:
    """Whether a part of the page without a price may still be a card: a picture, and more than a label beside it."""
    enough = sum(map(str.isalpha, _plain(node))) >= _LEAST_LETTERS
    is_menu = len(node.css("a[href]")) > _MOST_LINKS
    return node.tag not in {"a", "figure"} and enough and not is_menu and node.css_first("img") is not None


def _plain(node: "LexborNode") -> str:
    return node.text().replace(_BREAK, "\n").replace(_CELL, "\n")  # no number goes on behind a line break


def _title(node: "LexborNode") -> str:
    for selector in _TITLES:
        for place in node.css(selector):
            text = " ".join(_plain(place).split())
            if len(text) <= _LONGEST_TITLE and _LETTERS.search(_PRICE.sub("", text)):
                return text
    if node.tag == "tr":
        return next((" ".join(text.split()) for text in map(_plain, node.css("td, th")) if _LETTERS.search(text)), "")
    return " ".join(_alt(node).split())


def _alt(node: "LexborNode") -> str:
    return next((alt for image in node.css("img") if _LETTERS.search(alt := image.attributes.get("alt") or "")), "")


def _product(node: "LexborNode", record: str) -> Product:
    title = _title(node)
    text = [line for line in lines(node) if squeezed(line) != squeezed(title)]
    fields = _price(_plain(node))
    link = node if node.tag == "a" else node.css_first("a[href]")
    url = (link.attributes.get("href") or "").strip() if link is not None else ""
    if url and not url.startswith(("#", "javascript:")):
        fields["url"] = url
    product = Product(record, title, "\n".join(text), fields)
    product.add_lines(_alt(node))
    return product
