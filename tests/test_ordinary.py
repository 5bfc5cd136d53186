import random

from annexscan.lexicon import Concept
from annexscan.ordinary import Stream, languages, noisy, ordinary_goods

CONCEPTS = [Concept(f"good {i}", "good", {"en": (f"good{i}",), "th": (f"ของ{i}",)}) for i in range(60)]
CONCEPTS.append(Concept("steel", "material", {"en": ("steel",)}))


def goods(stream, seed=1, count=200):
    return list(ordinary_goods(CONCEPTS, "en", stream, count, seed))


def test_the_same_seed_gives_the_same_listings():
    assert goods(Stream.TRAIN) == goods(Stream.TRAIN)
    assert goods(Stream.TRAIN) != goods(Stream.TRAIN, seed=2)


def test_measuring_never_names_a_good_of_training():
    def named(stream):
        rng = random.Random(0)
        from annexscan.ordinary import _Words

        words = _Words(CONCEPTS, "en", stream)
        return {words.one(rng, "good") for _ in range(2000)}

    train, tune, measure = (named(stream) for stream in Stream)
    assert train and tune and measure
    assert not train & measure
    assert not train & tune
    assert not tune & measure


def test_every_listing_has_text_and_its_language():
    assert languages(CONCEPTS) == ["en", "th"]
    assert all((good.title + good.description).strip() and good.language == "en" for good in goods(Stream.TRAIN))


def test_noise_changes_most_texts_and_never_empties_one():
    rng = random.Random(4)
    texts = ["leg irons, steel, police surplus"] * 100
    changed = [noisy(text, rng) for text in texts]
    assert all(changed)
    assert sum(a != b for a, b in zip(texts, changed, strict=True)) > 80
