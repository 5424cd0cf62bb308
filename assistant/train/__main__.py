"""``python -m assistant.train``: train the reader and fit the ranker, and write what is shipped of both.

Every stage leaves its result in the work folder and is not done again while that is there; a stage that
was stopped goes on from its last checkpoint.
"""

import argparse
import os
import sys
from pathlib import Path


def main() -> None:
    """Make questions, pretrain, ask, fine-tune, export, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m assistant.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the training data")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("runs/assistant"),
        help="what is made on the way [%(default)s]",
    )
    parser.add_argument("--out", type=Path, help="folder to write to [the package itself]")
    parser.add_argument(
        "--features-only", action="store_true", help="fit the ranker without a reader"
    )
    parser.add_argument("--pretrain-steps", type=int, default=28_000, help="[%(default)s]")
    parser.add_argument("--finetune-steps", type=int, default=3_700, help="[%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="[%(default)s]")
    args = parser.parse_args()
    if not args.data.is_dir():
        sys.exit(f"No such data folder: {args.data}. Give it with --data.")
    from assistant.ranker import WEIGHTS, WEIGHTS_WITH_READER
    from assistant.train.fit import fit, fit_with_reader, report
    from assistant.train.stages import asked, trained

    package = args.out or Path(__file__).parents[1]
    weights = package / "weights"
    examples = asked(args.data, args.work, args.seed)
    ranker = fit(examples, args.seed)
    ranker.write(weights / WEIGHTS.name)
    print(f"Features alone: {report(examples, ranker)}")
    if args.features_only:
        return
    values = trained(
        examples, args.data, args.work, package / "reading" / "model",
        args.pretrain_steps, args.finetune_steps, args.seed,
    )  # fmt: skip
    ranker = fit_with_reader(examples, values, args.seed)
    ranker.write(weights / WEIGHTS_WITH_READER.name)
    print(f"With the reader: {report(examples, ranker, values)}")


if __name__ == "__main__":
    # Threads that wait must not spin: one other program on the machine would slow them tenfold.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main()
