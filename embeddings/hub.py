"""Any sentence-transformers model or cross-encoder, by hub name or path, with its prompts.

The only file of the product that imports sentence_transformers (and with it torch).
"""

import hashlib
import os
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from corpus.errors import EncoderError
from embeddings.encoder import Vectors

_CONNECT_SECONDS = 3.0  # a hub look-up without network hangs for 70 s; this asks first
_BATCH = 32

# Prompts that a model needs and that its own files do not name.
_PROMPTS = {
    "multilingual-e5": ("query: ", "passage: "),
    "e5-small": ("query: ", "passage: "),
    "e5-base": ("query: ", "passage: "),
    "e5-large": ("query: ", "passage: "),
}


class HubEncoder:
    """A sentence-transformers model behind the Encoder protocol."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = _load(name)
        self._model.eval()
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self._query_prompt, self._passage_prompt = _prompts(name, self._model.prompts)
        self.fingerprint = self._fingerprint()

    def encode_queries(self, texts: list[str]) -> Vectors:
        """``(len(texts), dimension)`` unit vectors, with the model's query prompt."""
        return self._encode(texts, self._query_prompt)

    def encode_passages(self, texts: list[str]) -> Vectors:
        """``(len(texts), dimension)`` unit vectors, with the model's passage prompt."""
        return self._encode(texts, self._passage_prompt)

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Tokens of each passage with its prompt and special tokens, before any truncation."""
        prompted = [self._passage_prompt + text for text in texts]
        return [len(ids) for ids in self._model.tokenizer(prompted, truncation=False)["input_ids"]]

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(
            texts, prompt=prompt, batch_size=_BATCH, normalize_embeddings=True,
            convert_to_numpy=True, show_progress_bar=False,
        )  # fmt: skip
        return np.asarray(vectors, np.float32)

    def _fingerprint(self) -> str:
        """Of the weights themselves: a model trained on under the same name is another one."""
        digest = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            sample = tensor.detach().float().cpu().flatten()
            step = max(1, sample.numel() // 4096)  # a sample tells weights apart, and is quick
            digest.update(key.encode() + sample[::step].contiguous().numpy().tobytes())
        digest.update(f"{self._query_prompt}|{self._passage_prompt}|{self.max_tokens}".encode())
        return f"{Path(self.name).name}-{digest.hexdigest()[:16]}"


class HubCrossEncoder:
    """A cross-encoder: it reads question and text together, and is slow and good at it.

    ``setting`` is the environment variable that names it, for messages.
    """

    def __init__(self, name: str, setting: str) -> None:
        self.name = name
        self._model = _load(name, setting, cross=True)

    def scores(self, query: str, texts: list[str]) -> Vectors:
        """How well each text answers, ``(len(texts),)``: logits, higher is better."""
        if not texts:
            return np.zeros(0, np.float32)
        pairs = [(query, text) for text in texts]
        found = self._model.predict(
            pairs, batch_size=_BATCH, convert_to_numpy=True, show_progress_bar=False
        )
        scores = np.asarray(found, np.float32)
        # Two outputs are "no" and "yes".
        return scores if scores.ndim == 1 else scores[:, -1] - scores[:, 0]


def _load(name: str, setting: str = "HOIBAO_MODEL", cross: bool = False) -> Any:
    local = Path(name).is_dir()
    if not local and not _is_cached(name) and not _hub_answers():
        raise EncoderError(
            f"Chưa có mô hình “{name}” trên máy này và không kết nối được tới kho mô hình. Hãy nối mạng "
            f"rồi chạy lại để tải về một lần, hoặc chép thư mục mô hình vào máy và đặt {setting}="
            f"đường-dẫn, hoặc bỏ {setting} để dùng {'phần' if cross else 'mô hình'} dựng sẵn."
        )
    from sentence_transformers import CrossEncoder, SentenceTransformer

    kind = CrossEncoder if cross else SentenceTransformer
    try:
        return kind(name, local_files_only=local or _is_cached(name), device="cpu")
    except Exception as error:  # the library raises a dozen kinds, from OSError to KeyError
        raise EncoderError(
            f"Không nạp được mô hình “{name}”: {error}. Hãy kiểm tra tên hoặc thư mục trong {setting}."
        ) from error


def _is_cached(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        return isinstance(try_to_load_from_cache(name, "config.json"), str) or isinstance(
            try_to_load_from_cache(name, "modules.json"), str
        )
    except HFValidationError:
        return False


def _hub_answers() -> bool:
    """Whether the model hub can be reached, known within seconds (name look-up included)."""
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}:
        return False
    parts = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
    answered = threading.Event()

    def connect() -> None:
        try:
            address = (parts.hostname or "", parts.port or 443)
            socket.create_connection(address, timeout=_CONNECT_SECONDS).close()
            answered.set()
        except OSError:
            pass

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(_CONNECT_SECONDS)
    return answered.is_set()


def _prompts(name: str, own: dict[str, str]) -> tuple[str, str]:
    """Query and passage prompt: the model's own where it names them, else the known ones."""
    query = own.get("query") or ""
    passage = own.get("passage") or own.get("document") or ""
    if query or passage:
        return query, passage
    return next((pair for key, pair in _PROMPTS.items() if key in name.lower()), ("", ""))
