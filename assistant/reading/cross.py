"""A cross-encoder of the hub as a reader: it ranks sentences, and marks no answers."""

import numpy as np

from assistant.reading.reader import READS, UNREAD, Reads
from assistant.reading.windows import Window
from embeddings.hub import HubCrossEncoder


class CrossReader:
    """Each candidate is read with its title and the sentence before it."""

    def __init__(self, model: HubCrossEncoder) -> None:
        self._model = model

    def read(self, question: str, windows: list[Window], candidates: int) -> Reads:
        """Relevance alone: spans and "answers" are not known."""
        owners, texts = [], []
        for window in windows:
            before = ""
            for (start, end), owner in zip(window.sentences, window.owners, strict=True):
                sentence = window.text[start:end]
                if owner >= 0:
                    owners.append(owner)
                    texts.append("\n".join(filter(None, (window.title, before, sentence))))
                before = sentence
        values = np.full((candidates, len(READS)), UNREAD)
        if owners:
            values[owners, 0] = self._model.scores(question, texts)
        return Reads(values, [None] * candidates)


__all__ = ["CrossReader"]
