"""What a team would try first, on the same rows: a keyword list, TF-IDF with logistic regression, a plain fine-tune."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annexscan.fit.examples import Example
from annexscan.fit.recipe import Recipe
from annexscan.fit.transformer import base_folder, micro_batches, mixed_lengths_trainer
from annexscan.lexicon import Entry, Role
from annexscan.stages.terms import TermIndex

Scores = NDArray[np.float64]

_STEP = 32  # texts an optimiser step of the fine-tune sees


@dataclass(frozen=True, slots=True)
class Peer:
    """A rival: trained on what the bundle was trained on.

    Attributes:
        name: As shown.
        score: Texts to scores of shape (texts,), higher means more like a listed good.
    """

    name: str
    score: Callable[[Sequence[Example]], Scores]


def peers(
    train: Sequence[Example],
    entries: Sequence[Entry],
    listed: frozenset[str],
    recipe: Recipe,
    say: Callable[[str], None],
) -> list[Peer]:
    """The three rivals, fitted."""
    say("peer: keyword list")
    keyword = _keyword_list(entries, listed)
    say(f"peer: TF-IDF + logistic regression on {len(train)} texts")
    tfidf = _tfidf(train, listed)
    say(f"peer: plain Hugging Face fine-tune on {len(train)} texts")
    return [keyword, tfidf, _fine_tune(train, listed, recipe)]


def _keyword_list(entries: Sequence[Entry], listed: frozenset[str]) -> Peer:
    index = TermIndex([entry for entry in entries if entry.role is Role.TRADE and entry.label in listed])

    def score(examples: Sequence[Example]) -> Scores:
        return np.array([max((h.entry.strength for h in index.find(e.reading)), default=0.0) for e in examples])

    return Peer("keyword list", score)


def _tfidf(train: Sequence[Example], listed: frozenset[str]) -> Peer:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, max_features=300_000)
    model = make_pipeline(make_union(words, chars), LogisticRegression(C=10, max_iter=300))
    model.fit([e.reading.raw for e in train], [e.kind in listed for e in train])

    def score(examples: Sequence[Example]) -> Scores:
        return np.asarray(model.predict_proba([e.reading.raw for e in examples])[:, 1], dtype=np.float64)

    return Peer("TF-IDF + LR", score)


def _fine_tune(train: Sequence[Example], listed: frozenset[str], recipe: Recipe) -> Peer:
    """``AutoModelForSequenceClassification`` of the same base, raw text, the recipe's epochs, else library defaults."""
    import tempfile

    import torch
    from datasets import Dataset
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        TrainingArguments,
        set_seed,
    )

    set_seed(recipe.seed)
    folder = base_folder(recipe.transformer.base)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2)

    def encode(texts: Sequence[str]) -> dict[str, Any]:
        return dict(tokenizer(list(texts), truncation=True, max_length=128, padding=False))

    columns = encode([e.reading.raw for e in train]) | {"labels": [int(e.kind in listed) for e in train]}
    with tempfile.TemporaryDirectory() as workspace:
        arguments = TrainingArguments(
            output_dir=workspace, seed=recipe.seed, num_train_epochs=recipe.transformer.epochs, **micro_batches(_STEP),
            bf16=recipe.transformer.bf16, use_cpu=not torch.cuda.is_available(), save_strategy="no",
            report_to=[], disable_tqdm=True, dataloader_pin_memory=False,
            logging_strategy="no",
        )  # fmt: skip
        data = Dataset.from_dict(columns)
        trainer = mixed_lengths_trainer([len(ids) for ids in columns["input_ids"]], _STEP, recipe.seed)
        trainer(
            model=model, args=arguments, train_dataset=data, data_collator=DataCollatorWithPadding(tokenizer)
        ).train()
    plain = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2)
    plain.load_state_dict(model.state_dict())  # the trainer wraps its model's forward in autocast
    model = plain.eval()

    def score(examples: Sequence[Example]) -> Scores:
        order = sorted(range(len(examples)), key=lambda i: len(examples[i].reading.raw))
        out = np.zeros(len(examples))
        with torch.no_grad():
            for at in range(0, len(order), 32):
                part = order[at : at + 32]
                batch = tokenizer.pad(encode([examples[i].reading.raw for i in part]), return_tensors="pt")
                out[part] = torch.softmax(model(**batch).logits, dim=1)[:, 1].numpy()
        return out

    return Peer("Hugging Face fine-tune", score)
