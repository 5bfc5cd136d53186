"""A page's markup in, the products it states in JSON-LD, microdata or OpenGraph out."""

from collections.abc import Iterator, Mapping
from typing import Any

from annexscan.errors import InputError
from annexscan.sources.product import Product, one_line, strip_tags

_PRODUCT_TYPES = frozenset(
    {"product", "individualproduct", "productmodel", "productgroup", "someproducts", "productcollection", "vehicle",
     "car", "book", "offer", "aggregateoffer", "demand"}
)  # fmt: skip
_OFFER_TYPES = frozenset({"offer", "aggregateoffer", "demand"})
_IN_EXTRA = ("sku", "mpn", "gtin", "gtin8", "gtin12", "gtin13", "gtin14", "productid", "brand", "model", "material")
_DEEPEST = 60  # levels of nesting that are followed; real pages stay below 20


def products(html: str, path: str) -> Iterator[Product | InputError]:
    """Every product of a page in document order, JSON-LD first.

    Args:
        html: The page, as mended by an HTML parser.
        path: Its name in messages.
    """
    yield from _json_ld(html, path)
    yield from _others(html, path)


def _json_ld(html: str, path: str) -> Iterator[Product | InputError]:
    from extruct.jsonld import JsonLdExtractor
    from selectolax.lexbor import LexborHTMLParser

    found: list[Any] = []
    scripts = LexborHTMLParser(html).css('script[type*="ld+json" i]')
    for number, script in enumerate(scripts, start=1):
        # One script at a time: extruct gives up on all of them when one is not valid.
        alone = f'<html><body><script type="application/ld+json">{script.text()}</script></body></html>'
        try:
            found += JsonLdExtractor().extract(alone)
        except (ValueError, RecursionError) as error:
            yield InputError(
                f"the structured data is not valid JSON: {error}",
                path=path,
                where=f"JSON-LD block {number}",
                remedy="the visible text of the page was read all the same",
            )
    yield from _numbered("json-ld", found)


def _others(html: str, path: str) -> Iterator[Product | InputError]:
    import extruct

    for syntax in ("microdata", "opengraph"):
        try:
            data = extruct.extract(html.encode(), encoding="UTF-8", syntaxes=[syntax], uniform=True)[syntax]
        except Exception as error:  # extruct passes on whatever its parsers throw at odd markup
            yield InputError(
                f"the {syntax} cannot be read: {error}",
                path=path,
                where=syntax,
                remedy="the visible text of the page was read all the same",
            )
            continue
        if syntax == "microdata":
            yield from _numbered(syntax, data)
        else:
            for number, item in enumerate(data):
                product = _open_graph(item, f"{syntax}/{number}")
                if product:
                    yield product


def _numbered(layer: str, data: list[Any]) -> Iterator[Product]:
    by_id: dict[str, Mapping[str, Any]] = {}
    nodes = list(_nodes(data))
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(by_id.get(name, {})):
            by_id[name] = node
    number = 0
    for node in nodes:
        product = _product(node, by_id, f"{layer}/{number}")
        if product:
            yield product
            number += 1


def _nodes(data: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every object of the data, outer before inner; an offer below its product is part of it, not a node."""
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _nodes(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        inside = bool(_types(data) & (_PRODUCT_TYPES - _OFFER_TYPES))
        for key, value in data.items():
            if not (inside and key.lower() in {"offers", "review", "reviews", "brand", "isvariantof"}):
                yield from _nodes(value, depth + 1)


def _types(node: Mapping[str, Any]) -> set[str]:
    types = node.get("@type") or node.get("type") or ()
    types = types if isinstance(types, list) else [types]
    return {str(name).replace("#", "/").rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for name in types}


def _product(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], record: str) -> Product | None:
    types = _types(node)
    if not types & _PRODUCT_TYPES:
        return None

    def resolved(value: object) -> list[Mapping[str, Any]]:
        values = value if isinstance(value, list) else [value]
        return [by_id.get(str(item.get("@id")), item) for item in values if isinstance(item, dict)]

    get = {key.lower().rsplit("/", 1)[-1]: value for key, value in node.items()}.get
    title, description = one_line(_text(get("name"))), strip_tags(_text(get("description")))
    if types & _OFFER_TYPES:
        if any(_types(item) & _PRODUCT_TYPES for item in resolved(get("itemoffered"))):
            return None  # the product within is a node of its own
        offers = [node]
    else:
        offers = resolved(get("offers"))
        offers += [inner for offer in offers for inner in resolved(offer.get("offers"))]
    if not title and not description:
        return None
    fields: dict[str, str] = {}
    for offer in offers:
        specification = next(iter(resolved(offer.get("priceSpecification"))), {})
        seller = offer.get("seller") or offer.get("offeredBy")
        stated = {
            "price": offer.get("price") or offer.get("lowPrice") or specification.get("price"),
            "currency": offer.get("priceCurrency") or specification.get("priceCurrency"),
            "seller": next((item.get("name") for item in resolved(seller)), seller),
            "url": offer.get("url"),
        }
        for name, value in stated.items():
            fields.setdefault(name, one_line(_text(value)))
    fields["url"] = one_line(_text(get("url"))) or fields.get("url", "")
    fields["category"] = one_line(_text(get("category")))
    extra = {name: one_line(_text(get(name))) for name in _IN_EXTRA}
    specs = [
        f"{one_line(_text(item.get('name')))}: {one_line(_text(item.get('value')))}"
        for item in resolved(get("additionalproperty"))
        if item.get("value") is not None
    ]
    return Product(
        record,
        title,
        "\n".join(filter(None, [description, *specs])),
        {name: value for name, value in fields.items() if value},
        {name: value for name, value in extra.items() if value},
    )


def _open_graph(item: Mapping[str, Any], record: str) -> Product | None:
    kind = one_line(_text(item.get("@type"))).lower()
    price = _text(item.get("product:price:amount") or item.get("og:price:amount"))
    if "product" not in kind and not price:
        return None
    title = one_line(_text(item.get("og:title")))
    description = strip_tags(_text(item.get("og:description")))
    if not title and not description:
        return None
    fields = {
        "price": price,
        "currency": _text(item.get("product:price:currency") or item.get("og:price:currency")),
        "url": _text(item.get("og:url")),
        "category": _text(item.get("product:category")),
        "seller": _text(item.get("og:site_name")),
    }
    extra = {"sku": _text(item.get("product:retailer_item_id")), "brand": _text(item.get("product:brand"))}
    return Product(
        record,
        title,
        description,
        {name: one_line(value) for name, value in fields.items() if value.strip()},
        {name: one_line(value) for name, value in extra.items() if value.strip()},
    )


def _text(value: object) -> str:
    """A property as text: the first of several names, every one of several texts, the name of an object."""
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value") or value.get("value") or value.get("url"))
    if isinstance(value, list):
        return "\n".join(dict.fromkeys(filter(None, map(_text, value))))
    return "" if value is None or isinstance(value, bool) else str(value)
