import json

import pytest

from annexscan.errors import InputError
from annexscan.listing import Listing
from annexscan.sources import find_inputs, read


def scan(tmp_path, html, name="page.html"):
    path = tmp_path / name
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    (source,) = find_inputs([path])
    items = list(read(source))
    return [i for i in items if isinstance(i, Listing)], [i for i in items if isinstance(i, InputError)]


def ld(data):
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


PRODUCT = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Oak bench",
    "description": "A bench of solid oak with...",
    "sku": "B-7",
    "category": {"@type": "Thing", "name": "Furniture"},
    "offers": {
        "@type": "Offer", "price": 49.5, "priceCurrency": "EUR", "url": "https://shop.test/b7",
        "seller": {"@type": "Organization", "name": "Acme"},
    },
}  # fmt: skip


def test_json_ld_fills_every_field_it_states(tmp_path):
    (listing,), errors = scan(tmp_path, f"<title>Oak bench</title>{ld(PRODUCT)}")
    assert not errors
    assert listing.to_dict() == {
        "title": "Oak bench", "description": "A bench of solid oak with...", "price": "49.5", "currency": "EUR",
        "seller": "Acme", "url": "https://shop.test/b7", "category": "Furniture", "extra": {"sku": "B-7"},
    }  # fmt: skip
    assert (listing.id, listing.origin.record) == ("page.html#json-ld/0", "json-ld/0")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda a, b: [a, b],
        lambda a, b: {"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "name": "Shop"}, a, b]},
        lambda a, b: {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": x} for x in (a, b)]},
        lambda a, b: {**a, "isRelatedTo": [b]},
        lambda a, b: [
            {"@type": "Offer", "price": 1, "itemOffered": a},
            {"@type": ["Thing", "Product"], **dict([*b.items()][2:])},
        ],
    ],
)
def test_products_are_found_wherever_json_ld_keeps_them(tmp_path, wrap):
    other = {**PRODUCT, "name": "Steel chair", "description": "Stackable"}
    listings, errors = scan(tmp_path, ld(wrap(PRODUCT, other)))
    assert not errors
    assert [listing.title for listing in listings] == ["Oak bench", "Steel chair"]


def test_an_offer_given_by_reference_is_found(tmp_path):
    graph = [
        {**PRODUCT, "offers": {"@id": "#o"}},
        {"@id": "#o", "@type": "Offer", "price": "7", "priceCurrency": "USD"},
    ]
    (listing,), _ = scan(tmp_path, ld({"@graph": graph}))
    assert (listing.price, listing.currency) == ("7", "USD")


def test_a_broken_block_is_named_and_the_next_one_read(tmp_path):
    html = f'<script type="application/ld+json">{{"name": </script>{ld(PRODUCT)}<h1>Oak bench</h1>'
    (listing,), (error,) = scan(tmp_path, html)
    assert listing.title == "Oak bench"
    assert error.where == "JSON-LD block 1"


def test_deeply_nested_json_is_no_traceback(tmp_path):
    listings, errors = scan(tmp_path, f'<script type="application/ld+json">{"[" * 100_000}</script><p>Bench of oak</p>')
    assert listings[0].description == "Bench of oak"
    assert errors


def test_visible_text_completes_a_description_that_was_cut_short(tmp_path):
    html = (
        f"<h1>Oak bench</h1>{ld(PRODUCT)}<div><p>A bench of solid oak with four wall-mounted restraint rings.</p></div>"
    )
    (listing,), _ = scan(tmp_path, html)
    assert listing.description == "A bench of solid oak with four wall-mounted restraint rings."
    html = f"<h1>Oak bench</h1>{ld(PRODUCT)}<table><tr><td>Rings</td><td>four</td></tr></table>"
    (listing,), _ = scan(tmp_path, html)
    assert listing.description == "A bench of solid oak with...\nRings\tfour"


def test_layers_that_state_the_same_product_become_one_listing(tmp_path):
    html = f"""<head><meta property="og:type" content="product"><meta property="og:title" content="Oak bench | Acme">
    <meta property="og:description" content="Made in Ulm"><meta property="og:url" content="https://shop.test/b7"></head>
    {ld(PRODUCT)}<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Oak bench</h1>
    <p itemprop="description">Seats two</p></div>"""
    (listing,), _ = scan(tmp_path, html)
    assert listing.origin.record == "json-ld/0"
    assert {"Made in Ulm", "Seats two"} <= set(listing.description.split("\n"))


def test_microdata_and_open_graph_are_read(tmp_path):
    html = """<div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Steel <b>chair</b></span>
    <div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" content="12.00">
    <meta itemprop="priceCurrency" content="GBP"></div></div>"""
    (listing,), _ = scan(tmp_path, html)
    assert (listing.title, listing.price, listing.currency) == ("Steel chair", "12.00", "GBP")
    assert listing.origin.record == "microdata/0"
    html = """<head><meta property="og:title" content="Lamp"><meta property="og:site_name" content="Acme">
    <meta property="product:price:amount" content="5"><meta property="product:price:currency" content="EUR"></head>"""
    (listing,), _ = scan(tmp_path, html)
    assert (listing.title, listing.price, listing.seller) == ("Lamp", "5", "Acme")
    assert listing.origin.record == "opengraph/0"


CARDS = {
    "li": "<ul>{}</ul>|<li><a href='/{n}'><img alt='x'><h3>{t}</h3></a><p>{d}</p><span>€</span><span>{p}</span></li>",
    "div": "<div>{}</div>|<div><div class=card><a class=title href=/{n}>{t}</a><div>{d}</div><b>€ {p}</b></div></div>",
    "article": "<main>{}</main>|<article><h2>{t}</h2><p>{d}</p><p>{p} €</p></article>",
    "tr": "<table><tr><th>Item<th>Price</tr>{}</table>|<tr><td>{n}</td><td>{t}</td><td>{d}</td><td>EUR {p}</td></tr>",
    "dl": "<div>{}</div>|<dl><dt>{t}</dt><dd>{d}</dd><dd>{p} EUR</dd></dl>",
}


@pytest.mark.parametrize("layout", CARDS)
def test_each_product_card_is_a_listing(tmp_path, layout):
    outer, card = CARDS[layout].split("|")
    goods = [("Oak bench", "solid, 2 m", "49.50"), ("Steel chair", "stackable", "12"), ("Lamp", "brass", "1.250,00")]
    cards = "".join(card.format(n=n, t=t, d=d, p=p) for n, (t, d, p) in enumerate(goods))
    listings, errors = scan(tmp_path, f"<title>Shop</title><nav><a>Home</a></nav>{outer.format(cards)}")
    assert not errors
    assert [(x.title, x.price, x.origin.record) for x in listings] == [
        (title, price, f"card/{n}") for n, (title, _, price) in enumerate(goods)
    ]
    assert all(text in x.description for x, (_, text, _) in zip(listings, goods, strict=True))


def test_each_entry_of_a_priced_definition_list_is_a_listing(tmp_path):
    html = "<h1>Shop</h1><dl>all of it new<dt>Oak bench<dd>solid<dd>49 €<dt>Lamp<dd>brass, 5 €</dl>"
    listings, _ = scan(tmp_path, html)
    assert [(x.title, x.price) for x in listings][:2] == [("Oak bench", "49"), ("Lamp", "5")]
    html = html.replace("49 €", "sold").replace("5 €", "sold") + "<p>A line long enough to be a listing of its own."
    (listing,), _ = scan(tmp_path, html)
    assert "all of it new" in listing.description


def test_a_number_in_the_cell_before_is_no_part_of_the_price(tmp_path):
    row = "<tr><td>{}</td><td>battery R14</td><td>185,00 €</td></tr>"
    listings, _ = scan(tmp_path, f"<table>{row.format('Lamp')}{row.format('Torch')}</table>")
    assert [x.price for x in listings] == ["185,00", "185,00"]


def test_cards_without_a_price_are_told_by_their_pictures(tmp_path):
    card = "<div class=item><img src=x.jpg><h3>{}</h3><p>Contact the supplier for details</p></div>"
    listings, _ = scan(tmp_path, "".join(card.format(name) for name in ("Oak bench", "Chair", "Lamp")))
    assert [listing.title for listing in listings] == ["Oak bench", "Chair", "Lamp"]


def test_related_cards_do_not_hide_the_product_the_page_is_about(tmp_path):
    related = "".join(f"<li><a href='/{n}'>{n}</a> $5</li>" for n in ("Chair", "Lamp"))
    html = f"<h1>Oak bench</h1><p>Solid oak with four restraint rings in the seat, made to order.</p><ul>{related}</ul>"
    listings, _ = scan(tmp_path, html)
    assert [listing.title for listing in listings] == ["Chair", "Lamp", "Oak bench"]
    assert listings[2].description == "Solid oak with four restraint rings in the seat, made to order."


def test_plain_page_is_one_listing_of_what_can_be_seen(tmp_path):
    html = """<html><head><title>Acme</title><style>p{}</style></head><body><nav>Home</nav><h1>Leg <b>irons</b></h1>
    <p>leg <i>ir</i>ons, nickel<br>plated</p><script>var hidden=1</script><noscript>no</noscript>
    <p style="display: none">unseen</p><div hidden>unseen</div><div role=tabpanel hidden>Weight 2 kg</div>
    <footer>Imprint</footer>"""
    (listing,), errors = scan(tmp_path, html)
    assert not errors
    assert (listing.id, listing.title) == ("page.html#page/0", "Leg irons")
    assert listing.description == "leg irons, nickel\nplated\nWeight 2 kg"


def test_no_visible_word_is_lost(tmp_path):
    html = f"""<h1>Shop of Acme</h1><p>alpha words before everything that is offered on this page</p>{ld(PRODUCT)}
    {ld({**PRODUCT, "name": "Steel chair"})}<ul><li><h3>beta</h3>gamma 5 €<ul><li>delta</li><li>epsilon</li></ul></li>
    <li><h3>zeta</h3>eta 6 €</li></ul><div>theta</div><span>iota"""
    listings, _ = scan(tmp_path, html)
    said = " ".join(f"{listing.title} {listing.description}" for listing in listings)
    words = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota"}
    assert words <= set(said.split())


@pytest.mark.parametrize(
    "data",
    [
        '<meta charset="windows-1251"><p>Наручники стальные</p>'.encode("cp1251"),
        '<meta http-equiv=Content-Type content="text/html; charset=koi8-r"><p>Наручники стальные</p>'.encode("koi8-r"),
        '<?xml version="1.0" encoding="windows-1251"?><html><p>Наручники стальные</p></html>'.encode("cp1251"),
        '<?xml version="1.0" encoding="utf-8"?><html><p>Наручники стальные</p></html>'.encode(),
        '<meta charset="windows-1251"><p>Наручники стальные</p>'.encode(),  # says one thing, is another
        "<p>Наручники стальные</p>".encode("utf-16"),
    ],
)
def test_character_sets(tmp_path, data):
    (listing,), errors = scan(tmp_path, data)
    assert not errors
    assert listing.description == "Наручники стальные"


@pytest.mark.parametrize(
    "html",
    [
        "<div><p>Bench <table><tr><td>of oak</div></span></p><li>end",
        "<p>Bench\x00 of oak<p>\x01<!-- never closed",
        "<div>" * 5_000 + "Bench of oak",
        "<div itemscope itemtype='http://schema.org/Product' itemref='a a b'><p id=a itemprop=name>Bench of oak",
    ],
)
def test_broken_markup_is_read(tmp_path, html):
    listings, _ = scan(tmp_path, html)
    assert any("Bench" in listing.title + listing.description for listing in listings)


def test_a_page_without_text_is_an_error(tmp_path):
    listings, (error,) = scan(tmp_path, "<html><body><div id=app></div><script>run()</script></body></html>")
    assert not listings
    assert "no text" in error.message
