"""Exports the fine-tuned encoder to ONNX, quantises it, and proves it against torch and against itself."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annexscan.errors import AnnexscanError
from annexscan.fit.transformer import base_folder
from annexscan.stages.transformer import Tokenizer, Transformer

_EXPORT_TOLERANCE = 1e-3  # largest difference of a logit between torch and ONNX in full precision
_QUANTISED_AGREEMENT = 0.9  # share of texts on which the quantised model names the same kind as torch


def export(model: Any, base: str, folder: Path, listed: Sequence[int], samples: Sequence[str]) -> dict[str, float]:
    """Write ``transformer.onnx`` (int8 per channel) and ``tokenizer.json`` and prove them against torch.

    Args:
        model: The fine-tuned module.
        base: The recipe's base model.
        folder: The bundle folder.
        listed: Indexes of the listed kinds.
        samples: Texts of many lengths to compare on.

    Returns:
        ``export_max_difference`` (full precision, over several batch shapes), ``quantised_mean_difference`` and
        ``quantised_same_kind``.

    Raises:
        AnnexscanError: The exported model disagrees with torch, or with itself in another order.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoTokenizer

    AutoTokenizer.from_pretrained(base_folder(base)).backend_tokenizer.save(str(folder / "tokenizer.json"))
    full = folder / "transformer.fp32.onnx"
    ids = torch.ones(2, 16, dtype=torch.long)
    batch, tokens = torch.export.Dim("batch", min=1, max=512), torch.export.Dim("tokens", min=2, max=512)
    torch.onnx.export(
        model, (ids, ids.clone()), str(full), dynamo=True, external_data=False,
        input_names=["input_ids", "attention_mask"], output_names=["logits"],
        dynamic_shapes=({0: batch, 1: tokens}, {0: batch, 1: tokens}), verbose=False,
    )  # fmt: skip
    quantize_dynamic(full, folder / "transformer.onnx", per_channel=True, weight_type=QuantType.QInt8)
    tokenizer = Tokenizer(folder / "tokenizer.json")
    cut = [tokenizer.windows(text)[0] for text in samples]
    exact = Transformer(full, folder / "tokenizer.json", listed)
    served = Transformer(folder / "transformer.onnx", folder / "tokenizer.json", listed)
    difference = max(_difference(model, exact, cut[:size]) for size in (1, 2, 3, 8, len(cut)))
    if difference > _EXPORT_TOLERANCE:
        raise AnnexscanError(f"the ONNX export differs from torch by {difference:.2g}; use another exporter path")
    _prove_order(served, samples)
    reference = np.concatenate([_torch_logits(model, [ids]) for ids in cut])
    quantised = np.concatenate([served.logits(*_padded([ids])) for ids in cut])
    same = float((reference[:, :-1].argmax(1) == quantised[:, :-1].argmax(1)).mean())
    if same < _QUANTISED_AGREEMENT:
        raise AnnexscanError(f"the quantised model names the same kind as torch for only {same:.0%} of the samples")
    full.unlink()
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    return {
        "export_max_difference": difference,
        "quantised_mean_difference": float(np.abs(reference - quantised).mean()),
        "quantised_same_kind": same,
    }


def _padded(cut: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    width = max(map(len, cut))
    ids = np.zeros((len(cut), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for i, window in enumerate(cut):
        ids[i, : len(window)], mask[i, : len(window)] = window, 1
    return ids, mask


def _torch_logits(model: Any, cut: list[list[int]]) -> NDArray[np.float32]:
    import torch

    ids, mask = _padded(cut)
    with torch.no_grad():
        logits: NDArray[np.float32] = model(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
    return logits


def _difference(model: Any, exported: Transformer, cut: list[list[int]]) -> float:
    return float(np.abs(_torch_logits(model, cut) - exported.logits(*_padded(cut))).max())


def _prove_order(served: Transformer, samples: Sequence[str]) -> None:
    forward = [served.read(text).log_kinds for text in samples]
    backward = [served.read(text).log_kinds for text in reversed(samples)]
    if not all(np.array_equal(a, b) for a, b in zip(forward, reversed(backward), strict=True)):
        raise AnnexscanError("the served model's scores depend on the order of the texts; serve one window a call")
