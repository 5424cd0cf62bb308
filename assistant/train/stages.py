"""The stages of training, each kept in the work folder."""

from pathlib import Path

import torch

from assistant.reading.words import VOCABULARY, Vocabulary
from assistant.train import stored
from assistant.train.begin import begin_with_static
from assistant.train.examples import TRAIN, Example, read_examples
from assistant.train.export import difference, export
from assistant.train.fit import Values
from assistant.train.network import ReaderNetwork, Shape
from assistant.train.pseudo import make_windows
from assistant.train.reading import Plan, finetune, pretrain, read_all, report, resume
from assistant.train.vocabulary import make_vocabulary
from assistant.train.windows import Windows
from embeddings.encoder import load_encoder

_MADE = 48_000  # news articles that questions are made from
_PRETRAIN_RATE, _FINETUNE_RATE = 5e-4, 2e-4


def asked(data: Path, work: Path, seed: int) -> list[Example]:
    """All questions of the training data, asked of the product."""
    file = work / "examples.npz"
    if not file.is_file():
        stored.save(read_examples(data, load_encoder(), seed), file)
    return stored.load(file)


def trained(
    examples: list[Example],
    data: Path,
    work: Path,
    out: Path,
    pretrain_steps: int,
    finetune_steps: int,
    seed: int,
) -> Values:
    """Train the reader and write ``reader.onnx`` to ``out``. What it makes of ``examples``, of which only the part
    TRAIN is learnt from and the others are read."""
    vocabulary = _vocabulary(data)
    torch.manual_seed(seed)
    network = ReaderNetwork(Shape(len(vocabulary)))
    begin_with_static(network, vocabulary)
    first, second = Plan(pretrain_steps, _PRETRAIN_RATE), Plan(finetune_steps, _FINETUNE_RATE)
    if not resume(network, first, work / "pretrained.pt"):
        made = _made(data, work, vocabulary, seed)
        pretrain(network, made, vocabulary, first, work / "pretrained.pt", seed)
    finetune(network, examples, second, work / "finetuned.pt", seed)
    export(network, out / "reader.onnx")
    print(f"int8 against float: {difference(network, out / 'reader.onnx'):.3f} logits apart")
    unseen = [e for e in examples if e.part != TRAIN]
    values = read_all(out / "reader.onnx", unseen)
    print(report(unseen, values))
    return values


def _vocabulary(data: Path) -> Vocabulary:
    """The shipped one; made where there is none, for the shipped readers depend on it."""
    if not VOCABULARY.is_file():
        VOCABULARY.parent.mkdir(parents=True, exist_ok=True)
        VOCABULARY.write_text("\n".join(make_vocabulary(data)), encoding="utf-8")
    return Vocabulary.read(VOCABULARY)


def _made(data: Path, work: Path, vocabulary: Vocabulary, seed: int) -> Windows:
    file = work / "made.npz"
    if not file.is_file():
        make_windows(data, vocabulary, _MADE, seed).save(file)
    return Windows.load(file)


__all__ = ["asked", "trained"]
