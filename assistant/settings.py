"""Where things are and which model: one frozen Settings, and the one reader of the environment."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path

from assistant.access import Access, read_access
from assistant.reading import BUILTIN_READER
from corpus.archive import SAMPLE_ARCHIVE
from corpus.errors import IndexError_, UserError
from corpus.text import fold
from embeddings.encoder import BUILTIN
from embeddings.store import Reader
from embeddings.versions import store_file

DEFAULT_PORT = 7860


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose. Tuning constants stand beside their use, not here."""

    archive: Path
    index: Path
    state: Path = Path()  # what the server keeps: conversations, sessions, audit; beside the index
    model: str = BUILTIN
    reader: str = BUILTIN_READER
    vectors: str = ""  # where dense search is: here, or in Milvus (embeddings.milvus)
    reranker: str = BUILTIN_READER  # "off", or a cross-encoder by name or path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    llm_url: str = ""  # an OpenAI-compatible server; without one, quote mode answers
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    access: Access = field(default_factory=Access)

    def __post_init__(self) -> None:
        if self.state == Path():
            object.__setattr__(self, "state", default_state(self.index))


def read_settings(
    archive: str | None = None,
    index: str | None = None,
    port: int | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Arguments first, then HOIBAO_ARCHIVE, HOIBAO_INDEX, HOIBAO_MODEL, HOIBAO_READER, HOIBAO_RERANKER, HOIBAO_HOST, HOIBAO_PORT,
    HOIBAO_LLM_URL, _MODEL and _KEY and those of ``assistant.access``, then defaults. An index named without an archive is of the one it was built from.

    Raises UserError when the port is no port, or a model server is given without a model's name.
    """
    place = _folder(index or environ.get("HOIBAO_INDEX"))
    named = _folder(archive or environ.get("HOIBAO_ARCHIVE"))
    folder = named or (place and indexed_archive(place)) or SAMPLE_ARCHIVE
    llm_url, llm_model = environ.get("HOIBAO_LLM_URL", ""), environ.get("HOIBAO_LLM_MODEL", "")
    _check_server(llm_url, llm_model)
    return Settings(
        archive=folder,
        index=place or default_index(folder),
        state=_folder(environ.get("HOIBAO_STATE")) or Path(),
        model=environ.get("HOIBAO_MODEL") or BUILTIN,
        reranker=environ.get("HOIBAO_RERANKER") or BUILTIN_READER,
        vectors=environ.get("HOIBAO_VECTORS", ""),
        reader=environ.get("HOIBAO_READER") or BUILTIN_READER,
        host=environ.get("HOIBAO_HOST") or "127.0.0.1",
        port=port if port is not None else _port(environ.get("HOIBAO_PORT")),
        llm_url=llm_url,
        llm_model=llm_model,
        llm_key=environ.get("HOIBAO_LLM_KEY", ""),
        access=read_access(environ),
    )


def _folder(given: str | None) -> Path | None:
    return Path(given).expanduser().absolute() if given else None


def indexed_archive(index: Path) -> Path | None:
    """The archive that the index in this folder was built from; none where there is no index."""
    try:
        store = Reader(store_file(index))
    except IndexError_:
        return None
    owner = store.meta("archive")
    store.close()
    return Path(owner) if owner else None


def default_index(archive: Path) -> Path:
    """A folder of its own for each archive, outside it: the archive stays the user's alone."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(archive.name)).strip("-") or "kho"
    digest = hashlib.sha256(str(archive).encode()).hexdigest()[:8]
    return user_data_path("hoibao", appauthor=False) / f"{name}-{digest}"


def default_state(index: Path) -> Path:
    """The folder beside the index: what is in it cannot be built again."""
    return index.with_name(f"{index.name}-state")


def _check_server(url: str, model: str) -> None:
    if url and not re.match(r"https?://[^/\s]+", url):
        raise UserError(
            f"HOIBAO_LLM_URL phải là một địa chỉ http, ví dụ http://127.0.0.1:8000/v1, không phải “{url}”."
        )
    if url and not model:
        raise UserError(
            "Có HOIBAO_LLM_URL thì phải có HOIBAO_LLM_MODEL: tên mô hình trên máy chủ ấy."
        )


def _port(value: str | None) -> int:
    if not value:
        return DEFAULT_PORT
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise UserError(f"HOIBAO_PORT phải là một số từ 1 đến 65535, không phải “{value}”.")
    return int(value)
