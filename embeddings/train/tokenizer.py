"""The vocabulary, learnt in two stages and written as one byte-pair encoding.

Stage 1 learns pieces *inside* syllables split at white space. Stage 2 takes every syllable that is
one token as an atom and learns merges *across* white space, so that ``▁công▁đoàn`` is one token
with a vector of its own. A static encoder has no other way to tell "công đoàn" from "công" and
"đoàn". Vietnamese needs no word segmenter for this: the merges find the words.
"""

import json
from collections.abc import Iterable, Iterator

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from embeddings.pieces import SPACE

BREAK = "\n"  # stands where punctuation was: nothing is joined across it

SYLLABLE_VOCABULARY = 23_000
JOINED_VOCABULARY = 17_000
_LONGEST_JOIN = 4  # syllables in one token
_ALPHABET = 400  # characters: Vietnamese, Latin, digits, some Greek and Cyrillic
_FIRST_ATOM = 0xF0000  # a private plane: room for 65,534 syllables as single characters

_KEEP = r"\p{L}\p{M}\p{N}%"
# "hòa" → "hoà": this way round no look-ahead is needed, since "òa", "òe", "ùy" stand nowhere else.
_EARLY, _LATE = (
    "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy",
    ("oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"),
)
# Joins such as "của các" would fill the vocabulary and say nothing.
_FUNCTION_WORDS = """
    của và các là những một cho được trong với đã này có không để khi người ở tại từ đến về ra
    vào cũng sẽ đang bị do theo như nhưng mà thì nên vì trên dưới sau trước đó nhiều rất còn
    lại the of and to in a is that for on with as by at from an be or this are it
    """


def normalizer() -> normalizers.Normalizer:
    """Text → NFKC, lower case, one tone spelling, ``▁`` before syllables, breaks for punctuation."""
    tones = [
        normalizers.Replace(early, late)
        for early, late in zip(_EARLY.split(), _LATE.split(), strict=True)
    ]
    return normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            *tones,
            normalizers.Replace(Regex("[\u00ad\u200b-\u200d\u2060\ufeff]"), ""),
            normalizers.Replace(Regex(rf"\A[^{_KEEP}]+|[^{_KEEP}]+\z"), ""),
            normalizers.Replace(Regex(rf" *[^{_KEEP} ][^{_KEEP}]*"), f"{BREAK}{SPACE}"),
            normalizers.Replace(Regex(" +"), SPACE),
            normalizers.Prepend(SPACE),
        ]
    )


def train_tokenizer(
    texts: Iterable[str],
    *,
    syllables: int = SYLLABLE_VOCABULARY,
    joined: int = JOINED_VOCABULARY,
    min_frequency: int = 5,
) -> Tokenizer:
    """Learn both stages on ``texts`` (kept in memory: give a sample) and join them into one."""
    runs = [run for text in texts for run in _runs(normalizer().normalize_str(text))]
    first = _train_syllables(runs, syllables, min_frequency)
    state = json.loads(first.to_str())["model"]
    vocabulary: dict[str, int] = state["vocab"]
    merges = [(a, b) for a, b in state["merges"]]
    for left, right in _train_joins(runs, vocabulary, joined, min_frequency):
        merges.append((left, right))
        vocabulary.setdefault(left + right, len(vocabulary))
    # No unknown token: a character never seen in training has nothing to say about a passage.
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(BREAK, "removed")
    tokenizer.decoder = decoders.Metaspace(replacement=SPACE)
    return tokenizer


def _runs(normalised: str) -> Iterator[str]:
    return (run for run in normalised.split(BREAK) if run)


def _train_syllables(runs: list[str], size: int, min_frequency: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Split(SPACE, "merged_with_next")
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=min_frequency,
        limit_alphabet=_ALPHABET,
        show_progress=False,
    )
    tokenizer.train_from_iterator(runs, trainer)
    return tokenizer


def _train_joins(
    runs: list[str], vocabulary: dict[str, int], size: int, min_frequency: int
) -> list[tuple[str, str]]:
    """Merges of whole syllables, most frequent first; each side spelt out in text."""
    alone = frozenset(_FUNCTION_WORDS.split())
    atoms = {
        token: chr(_FIRST_ATOM + i)
        for token, i in vocabulary.items()
        if token.startswith(SPACE) and _is_joinable(token[1:], alone)
    }
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(
        vocab_size=len(atoms) + size,
        min_frequency=min_frequency,
        max_token_length=_LONGEST_JOIN,
        show_progress=False,
    )
    tokenizer.train_from_iterator((_as_atoms(run, atoms) for run in runs), trainer)
    text = {atom: token for token, atom in atoms.items()}
    merges: list[list[str]] = json.loads(tokenizer.to_str())["model"]["merges"]
    return [
        ("".join(map(text.__getitem__, a)), "".join(map(text.__getitem__, b))) for a, b in merges
    ]


def _is_joinable(syllable: str, alone: frozenset[str]) -> bool:
    """Numbers stand alone: "ngày 27" must still meet "27 tháng 3"."""
    return bool(syllable) and syllable.isalpha() and syllable not in alone


def _as_atoms(run: str, atoms: dict[str, str]) -> str:
    """``▁công▁đoàn▁và▁hội`` → ``XY Z``: a syllable that is no atom parts its neighbours."""
    return "".join(atoms.get(SPACE + s, " ") for s in run.split(SPACE)[1:])
