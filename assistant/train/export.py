"""The trained reader as int8 ONNX, checked against the network it came from."""

import tempfile
from pathlib import Path

import numpy as np
import torch

from assistant.train.network import ReaderNetwork

_INPUTS = ("tokens", "segments", "marks", "shapes")
_OUTPUTS = ("relevance", "start", "end", "answers")


def export(network: ReaderNetwork, out: Path) -> None:
    """Write ``out``: weights of matrices and embeddings in eight bits, one scale a column."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.eval()
    example = tuple(torch.ones(2, 40, dtype=torch.long) for _ in _INPUTS)
    free = {name: {0: "windows", 1: "tokens"} for name in (*_INPUTS, *_OUTPUTS[:3])}
    free["answers"] = {0: "windows"}
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            network, example, str(exact), input_names=list(_INPUTS), output_names=list(_OUTPUTS),
            dynamic_axes=free, opset_version=20, dynamo=False,  # from 20 on GELU is one operator
        )  # fmt: skip
        out.parent.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(str(exact), str(out), weight_type=QuantType.QInt8, per_channel=True)


def difference(network: ReaderNetwork, file: Path) -> float:
    """Mean difference of the relevance logits of network and file over random windows."""
    import onnxruntime

    rng = np.random.default_rng(1)
    shape = (4, 120)
    inputs = {
        "tokens": rng.integers(6, network.shape.vocabulary, shape),
        "segments": np.sort(rng.integers(0, 3, shape)),
        "marks": rng.integers(0, 16, shape),
        "shapes": rng.integers(0, 5, shape),
    }
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    found = session.run(["relevance"], inputs)[0]
    with torch.no_grad():
        exact = network(*(torch.from_numpy(inputs[name]) for name in _INPUTS))[0].numpy()
    return float(np.abs(found - exact).mean())


__all__ = ["difference", "export"]
