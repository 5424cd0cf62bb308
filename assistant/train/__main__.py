"""``python -m assistant.train``: fit the evidence ranker and write its weights."""

import argparse
import json
import sys
from pathlib import Path


def main() -> None:
    """Parse, ask all training questions, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m assistant.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the training data")
    parser.add_argument("--out", type=Path, help="weights file [assistant/weights/ranker.json]")
    parser.add_argument("--seed", type=int, default=1, help="[%(default)s]")
    args = parser.parse_args()
    if not args.data.is_dir():
        sys.exit(f"No such data folder: {args.data}. Give it with --data.")
    from assistant.ranker import WEIGHTS
    from assistant.train.examples import read_examples
    from assistant.train.fit import fit, report
    from embeddings.encoder import load_encoder

    examples = read_examples(args.data, load_encoder(), args.seed)
    ranker = fit(examples, args.seed)
    print(report(examples, ranker))
    out = args.out or WEIGHTS
    out.parent.mkdir(parents=True, exist_ok=True)
    stored = {
        "threshold": ranker.threshold,
        "sentences": ranker.sentences.stored(),
        "answerable": ranker.answerable.stored(),
    }
    out.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {out}")


if __name__ == "__main__":
    main()
