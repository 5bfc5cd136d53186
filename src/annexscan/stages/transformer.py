"""Stage 3: a fine-tuned encoder reads the glossed text in windows and says the kind, and whether it is traded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from annexscan.stages.linear import FloatArray, log_softmax

WINDOW = 128  # tokens a window holds; the encoder was pre-trained on no more
_TITLE = 24  # tokens of the title repeated at the head of each later window
_MAX_WINDOWS = 24  # about 2,300 words; what lies beyond is read by terms and linear only


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the encoder says of one text.

    Attributes:
        log_kinds: Log probability of each kind, shape (kinds,), of the window that looks most like a listed good.
        traded: Log-odds that the good is traded rather than only named, of that window.
        windows: How many windows were read.
    """

    log_kinds: FloatArray
    traded: float
    windows: int


def windows(ids: Sequence[int], title_length: int) -> list[list[int]]:
    """Cut token ids (without special tokens) into overlapping windows of at most ``WINDOW - 2``.

    Every window after the first repeats the first ``title_length`` ids (at most 24), so that a long page's later
    parts still say what is offered.
    """
    room = WINDOW - 2
    if len(ids) <= room:
        return [list(ids)]
    head = list(ids[: min(title_length, _TITLE)])
    body = room - len(head)
    stride = body * 3 // 4
    starts = range(len(head), len(ids), stride)
    cut = [
        [*head, *ids[start : start + body]]
        for start in starts
        if start == len(head) or start + body - stride < len(ids)
    ]
    return cut[:_MAX_WINDOWS]


class Tokenizer:
    """The bundle's tokenizer; its file's fixed padding and truncation are switched off."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer as Fast

        self._fast = Fast.from_file(str(path))
        self._fast.no_padding()
        self._fast.no_truncation()
        vocabulary = self._fast.get_vocab()
        self.cls, self.sep = vocabulary["[CLS]"], vocabulary["[SEP]"]

    def windows(self, text: str) -> list[list[int]]:
        """Token windows of a text, special tokens included; the title ends at the first line break."""
        ids = self._fast.encode(text, add_special_tokens=False).ids
        title = text.split("\n", 1)[0]
        title_length = len(self._fast.encode(title, add_special_tokens=False).ids)
        return [[self.cls, *window, self.sep] for window in windows(ids, title_length)]


class Transformer:
    """The exported encoder in ONNX Runtime.

    One window is one call: dynamic quantisation scales activations over a whole batch, so a shared batch would make
    a score depend on its neighbours. Threads may share one instance.

    Args:
        model: The ``.onnx`` file; inputs ``input_ids`` and ``attention_mask`` of shape (batch, tokens), output of
            shape (batch, kinds + 1), the last column the traded head.
        tokenizer: The ``tokenizer.json`` that belongs to it.
        listed: Indexes of the kinds by which windows are compared.
    """

    def __init__(self, model: Path, tokenizer: Path, listed: Sequence[int]) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # parallel over listings instead; one thread keeps the sums' order
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer(tokenizer)
        self._listed = list(listed)

    def logits(self, batch: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Raw output for padded ids, shape (batch, kinds + 1)."""
        outputs: list[Any] = self._session.run(None, {"input_ids": batch, "attention_mask": mask})
        return cast(NDArray[np.float32], outputs[0])

    def read(self, text: str) -> Opinion:
        """What the encoder says of a glossed text."""
        rows = []
        cut = self._tokenizer.windows(text)
        for ids in cut:
            batch = np.asarray([ids], dtype=np.int64)
            rows.append(self.logits(batch, np.ones_like(batch))[0])
        logits = np.stack(rows)
        log_kinds = log_softmax(logits[:, :-1])
        listed = np.logaddexp.reduce(log_kinds[:, self._listed], axis=1)
        best = int(listed.argmax())
        return Opinion(log_kinds[best].astype(np.float32), float(logits[best, -1]), len(cut))
