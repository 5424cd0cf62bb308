"""``python -m embeddings.train``: train the built-in encoder and write it, or measure one."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path


def main() -> None:
    """Parse, then run the stages; heavy imports wait until the arguments are right."""
    args = _parser().parse_args()
    if not args.data.is_dir():
        sys.exit(f"No such data folder: {args.data}. Give it with --data.")
    if args.evaluate:
        _evaluate(args.data, args.out)
    else:
        _train(args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.train",
        description="Train the built-in static encoder from scratch and write it as a "
        "sentence-transformers folder. Stopped runs go on where they were: prepared data and "
        "checkpoints are kept in the work folder. Uses a GPU when there is one.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the training data")
    parser.add_argument(
        "--out", type=Path, default=Path("embeddings/model"), help="model folder [%(default)s]"
    )
    parser.add_argument(
        "--work", type=Path, default=Path("runs/encoder"), help="work folder [%(default)s]"
    )
    parser.add_argument("--epochs", type=int, default=4, help="passes over the pairs [%(default)s]")
    parser.add_argument("--batch", type=int, default=2048, help="pairs a step [%(default)s]")
    parser.add_argument(
        "--seed", type=int, default=1, help="of pairs, order and start [%(default)s]"
    )
    parser.add_argument(
        "--evaluate", action="store_true", help="only measure the model in --out, test sets too"
    )
    return parser


def _train(args: argparse.Namespace) -> None:
    from tokenizers import Tokenizer
    from tqdm import tqdm

    from embeddings.train.evaluate import read_sets, static_encoder, table
    from embeddings.train.export import export
    from embeddings.train.loop import Matrix, Recipe, train
    from embeddings.train.prepare import prepare

    prepared = prepare(args.data, args.work, args.seed)
    tokenizer = Tokenizer.from_file(str(args.work / "tokenizer.json"))
    recipe = Recipe(seed=args.seed, epochs=args.epochs, batch=args.batch)
    sets = read_sets(args.data)

    def report(epoch: int, rows: Matrix) -> None:
        tqdm.write(f"after epoch {epoch + 1}\n{table(static_encoder(tokenizer, rows), sets)}")

    checkpoint = args.work / "checkpoint.safetensors"
    rows = train(prepared, tokenizer.get_vocab_size(), recipe, checkpoint, report)
    export(rows, tokenizer, args.out)
    summary = {"recipe": asdict(recipe), "pairs": prepared.counts}
    text = json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
    (args.out / "training.json").write_text(text, encoding="utf-8")
    print(f"Wrote {args.out}")


def _evaluate(data: Path, folder: Path) -> None:
    from tokenizers import Tokenizer

    from embeddings.train.evaluate import read_sets, static_encoder, table
    from embeddings.train.export import load_rows

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    encode = static_encoder(tokenizer, load_rows(folder))
    print(table(encode, read_sets(data) + read_sets(data, test=True)))


if __name__ == "__main__":
    main()
