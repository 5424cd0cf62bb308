"""The index in service, opened once, kept up to date, and of the archive that was named."""

import threading

from assistant.settings import Settings, indexed_archive
from corpus.errors import IndexError_
from embeddings import versions
from embeddings.encoder import Encoder, load_encoder
from embeddings.index import Index, store_file
from embeddings.store import Reader

_OPEN_AGAIN = 3  # a version may be replaced between finding and opening it


class Opened:
    """One archive's index and the model it is searched with; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._index: Index | None = None

    @property
    def encoder(self) -> Encoder:
        """The embedding model, loaded at its first use. Raises EncoderError."""
        if self._encoder is None:
            self._encoder = load_encoder(self.settings.model)
        return self._encoder

    def _open(self) -> Index:
        """The index in service. Raises IndexError_, EncoderError.

        One that was replaced stays open for the threads that still read it.
        """
        with self._lock:
            if self._index is None or not self._index.is_current():
                self._index = self._open_current()
            self._index.refresh()
            return self._index

    def store(self) -> Reader:
        """The store of the index in service, for the caller to close; no model is loaded. Raises IndexError_."""
        self._check_owner()
        return Reader(store_file(self.settings.index))

    def close(self) -> None:
        """Release the index."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _open_current(self) -> Index:
        folder = self.settings.index
        self._check_owner()
        for attempt in range(_OPEN_AGAIN):
            version = versions.current(folder)
            try:
                return Index(folder, self._encoder_of_index())
            except (IndexError_, OSError):
                if attempt + 1 == _OPEN_AGAIN or versions.current(folder) == version:
                    raise
        raise AssertionError("unreachable")

    def _check_owner(self) -> None:
        """Answers come from the archive that was named, or not at all."""
        s = self.settings
        owner = indexed_archive(s.index)
        if owner not in (None, s.archive):
            raise IndexError_(
                f"Chỉ mục “{s.index}” được dựng từ kho “{owner}”, không phải “{s.archive}”. Hãy chọn thư mục "
                "khác bằng --index; nếu kho đã chuyển sang chỗ mới, hãy chạy: hoibao build --full"
            )

    def _encoder_of_index(self) -> Encoder:
        """The model the index was built with: another one may be chosen, and not be built yet."""
        store = Reader(store_file(self.settings.index))
        name, made_by = store.meta("encoder_name"), store.meta("encoder")
        store.close()
        if name in (None, self.settings.model):
            if made_by in (None, self.encoder.fingerprint):
                return self.encoder
            # Perhaps the model was replaced by an update of this program while it ran.
            self._encoder = load_encoder(self.settings.model)
            return self._encoder
        other = load_encoder(name)
        return other if other.fingerprint == made_by else self.encoder


__all__ = ["Opened"]
