"""Encoding passages: the built-in model beside a transformer of multilingual-e5-small's shape.

    python -m benchmarks.encode --data FOLDER

The transformer has 12 layers, 384 wide, random weights and the built-in tokenizer, so that both read the
same tokens; its speed does not depend on its weights. Passages of 150 words of real news. Rounds of both
alternate; the table has medians.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from embeddings.encoder import BUILTIN_MODEL, load_encoder
from embeddings.sets import read_rows

_WORDS = 150
_ROUNDS = 5
_STATIC, _TRANSFORMER = 4_096, 64  # passages a round, so that each takes about as long
_BATCH = 32


def passages(data: Path) -> Iterator[str]:
    """Runs of 150 words of news articles."""
    for row in read_rows(data / "news-2017.jsonl.xz"):
        words = row["body"].split()
        for at in range(0, len(words) - _WORDS, _WORDS):
            yield " ".join(words[at : at + _WORDS])


def transformer(tokenizer: Tokenizer) -> Callable[[list[str]], None]:
    """Encodes passages as sentence-transformers would: batches, mean of the last layer."""
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=384, num_hidden_layers=12, num_attention_heads=12,
        intermediate_size=1536, max_position_embeddings=512,
    )  # fmt: skip
    model = BertModel(config).eval()

    def encode(texts: list[str]) -> None:
        for at in range(0, len(texts), _BATCH):
            rows = [e.ids[:512] for e in tokenizer.encode_batch_fast(texts[at : at + _BATCH])]
            longest = max(map(len, rows))
            ids = torch.tensor([r + [0] * (longest - len(r)) for r in rows])
            mask = torch.tensor([[1] * len(r) + [0] * (longest - len(r)) for r in rows])
            with torch.inference_mode():
                states = model(input_ids=ids, attention_mask=mask).last_hidden_state
                (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)

    return encode


def seconds(run: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encode", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with news-2017.jsonl.xz")
    args = parser.parse_args()
    texts = [text for text, _ in zip(passages(args.data), range(_STATIC), strict=False)]
    static = load_encoder()
    encode = transformer(Tokenizer.from_file(str(BUILTIN_MODEL / "tokenizer.json")))
    few = texts[:_TRANSFORMER]
    static.encode_passages(texts)
    encode(few)
    speeds: dict[str, list[float]] = {"built-in": [], "12 × 384 transformer": []}
    for _ in range(_ROUNDS):
        speeds["built-in"].append(len(texts) / seconds(lambda: static.encode_passages(texts)))
        speeds["12 × 384 transformer"].append(len(few) / seconds(lambda: encode(few)))
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    found = {
        "passages_per_second": {name: round(value, 1) for name, value in medians.items()},
        "ratio": round(medians["built-in"] / medians["12 × 384 transformer"], 1),
        "words_per_passage": _WORDS,
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "versions": {n: version(n) for n in ("torch", "transformers", "tokenizers", "numpy")},
    }
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
