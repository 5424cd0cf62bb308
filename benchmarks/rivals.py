"""What else could be used, on the same passages in the same run: ``python -m benchmarks.rivals``.

    bm25s, FAISS Flat, LanceDB     the same texts or vectors, searched alone: no answer, no citation
    12 × 384 transformer           encoding only; multilingual-e5-small's shape, random weights
    LlamaIndex                     the pipeline a user would write instead: read, split, embed, retrieve

Every rival runs in this process, one after another, with as many threads as it takes by default.
Needs the extra ``hoibao[bench]``; one that is not installed is left out, and said so.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.asking import seconds, spread
from benchmarks.texts import DATA, questions
from embeddings.store import Reader
from embeddings.versions import store_file

Row = dict[str, Any]
_TRANSFORMED = 64  # passages the transformer encodes: its speed does not depend on how many
_LLAMA_ARTICLES = 300


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description=__doc__)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--passages", type=int, default=50_000, help="at most")
    args = parser.parse_args()
    print(json.dumps(compare(args.archive, args.index, args.data, args.questions, args.passages)))


def compare(archive: Path, index: Path, data: Path, asked: int, most: int) -> dict[str, Row]:
    """A row for each rival."""
    from embeddings.static import builtin

    store = Reader(store_file(index))
    ids = store.passage_ids().tolist()[:most]
    texts = [f"{title}\n{text}" for _, title, text in store.texts(ids)]
    vectors = np.concatenate([found for _, found in store.vectors(ids)])
    store.close()
    ask = questions(data, asked)
    encoded = builtin().encode_queries(ask)
    rivals: dict[str, Callable[[], Row]] = {
        "bm25s": lambda: _bm25s(texts, ask),
        "FAISS Flat": lambda: _faiss(vectors, encoded),
        "LanceDB": lambda: _lancedb(vectors, encoded),
        "12 × 384 transformer": lambda: _transformer(texts),
        "LlamaIndex": lambda: _llama_index(archive, ask),
        "built-in encoder": lambda: _builtin(texts),
    }
    found: dict[str, Row] = {}
    for name, run in rivals.items():
        try:
            found[name] = {"passages": len(texts)} | run()
        except ImportError as error:
            found[name] = {"left out": str(error)}
    return found


def _timed(asked: list[Any], search: Callable[[Any], object]) -> dict[str, float]:
    for one in asked[:5]:
        search(one)
    return spread([seconds(lambda o=one: search(o)) for one in asked])  # type: ignore[misc]


def _bm25s(texts: list[str], asked: list[str]) -> Row:
    import bm25s

    begun = time.perf_counter()
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords=[], show_progress=False), show_progress=False)
    built = time.perf_counter() - begun

    def search(question: str) -> object:
        tokens = bm25s.tokenize(question, stopwords=[], show_progress=False)
        return index.retrieve(tokens, k=min(200, len(texts)), show_progress=False)

    return {"passages a second": round(len(texts) / built), "search, ms": _timed(asked, search)}


def _faiss(vectors: Any, asked: Any) -> Row:
    import faiss

    begun = time.perf_counter()
    index: Any = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    built = time.perf_counter() - begun
    return {
        "passages a second": round(len(vectors) / built),
        "search, ms": _timed(list(asked), lambda q: index.search(q[None], 200)),
        "bytes a passage": vectors.shape[1] * 4,
    }


def _lancedb(vectors: Any, asked: Any) -> Row:
    import lancedb
    import pyarrow as pa

    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        width = vectors.shape[1]
        column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), width)
        rows = pa.table({"id": np.arange(len(vectors)), "vector": column})
        table = lancedb.connect(folder).create_table("passages", rows)
        built = time.perf_counter() - begun
        size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
        return {
            "passages a second": round(len(vectors) / built),
            "search, ms": _timed(
                list(asked), lambda q: table.search(q).distance_type("dot").limit(200).to_arrow()
            ),
            "bytes a passage": round(size / len(vectors)),
        }


def _transformer(texts: list[str]) -> Row:
    from tokenizers import Tokenizer

    from benchmarks.encode import transformer
    from embeddings.encoder import BUILTIN_MODEL

    encode = transformer(Tokenizer.from_file(str(BUILTIN_MODEL / "tokenizer.json")))
    some = texts[:_TRANSFORMED]
    encode(some[:8])
    return {"passages a second": round(len(some) / seconds(lambda: encode(some)), 1)}


def _builtin(texts: list[str]) -> Row:
    from embeddings.static import builtin

    builtin().encode_passages(texts[:100])
    return {
        "passages a second": round(len(texts) / seconds(lambda: builtin().encode_passages(texts)))
    }


def _llama_index(archive: Path, asked: list[str]) -> Row:
    """Reader, sentence splitter and vector index at their defaults; the built-in encoder, to be fair."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter

    from embeddings.static import builtin

    class Builtin(BaseEmbedding):  # type: ignore[misc]
        def _get_text_embedding(self, text: str) -> list[float]:
            return [float(x) for x in builtin().encode_passages([text])[0]]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in builtin().encode_passages(texts)]

        _get_query_embedding = _get_text_embedding

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    files = sorted(archive.rglob("*.txt"))[:_LLAMA_ARTICLES]
    begun = time.perf_counter()
    documents = [Document(text=file.read_text(encoding="utf-8")) for file in files]
    splitter = SentenceSplitter(chunk_size=256, chunk_overlap=32)
    index = VectorStoreIndex.from_documents(
        documents, embed_model=Builtin(), transformations=[splitter]
    )
    built = time.perf_counter() - begun
    retriever = index.as_retriever(similarity_top_k=10)
    nodes = len(index.docstore.docs)
    return {
        "passages": nodes,
        "articles a second": round(len(files) / built, 1),
        "passages a second": round(nodes / built),
        "search, ms": _timed(asked, retriever.retrieve),
    }


if __name__ == "__main__":
    main()
