"""Writing a folder that ``SentenceTransformer(folder)`` loads with its own classes alone.

Rows are stored as int8 with one float32 scale a row (tensors ``embeddings`` and ``weights``, the
layout of model2vec), which sentence-transformers 6 folds back into float32 on load: a quarter of
the size of float32, at no measured loss.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

Matrix = NDArray[np.float32]

WEIGHTS_FILE = "model.safetensors"
_LEVELS = 127
_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.base.modules.normalize.Normalize",
    },
]
_CONFIG = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def export(rows: Matrix, tokenizer: Tokenizer, out: Path) -> None:
    """Write the model folder; ``rows`` is ``(vocabulary, dimension)``."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "1_Normalize").mkdir(exist_ok=True)
    codes, scales = quantise(rows)
    save_file({"embeddings": codes, "weights": scales}, out / WEIGHTS_FILE)
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    _write_json(out / "modules.json", _MODULES)
    _write_json(out / "config_sentence_transformers.json", _CONFIG)
    # Folders without files do not survive version control.
    _write_json(out / "1_Normalize" / "config.json", {})


def quantise(rows: Matrix) -> tuple[NDArray[np.int8], Matrix]:
    """int8 codes and one scale a row, so that ``codes * scales[:, None]`` is near ``rows``."""
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-12) / _LEVELS
    codes = np.rint(rows / scales[:, None]).astype(np.int8)
    return codes, scales.astype(np.float32)


def load_rows(folder: Path) -> Matrix:
    """The token vectors of an exported folder, as float32."""
    tensors = load_file(folder / WEIGHTS_FILE)
    rows = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None]
    return np.asarray(rows, dtype=np.float32)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
