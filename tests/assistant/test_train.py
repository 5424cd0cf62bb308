"""Training of the reader, small: made questions, both stages, resuming, export, and the file in service."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.features import FEATURES, WHOLE
from assistant.reading.reader import READS, UNREAD, Reader
from assistant.reading.windows import Window
from assistant.reading.words import (
    QUESTION,
    RARITIES,
    SPECIAL,
    Vocabulary,
    ask_words,
    encode,
    split_words,
)
from assistant.train import stored
from assistant.train.examples import BLEND, DEV, TRAIN, Example, Read
from assistant.train.export import difference, export
from assistant.train.fit import fit, fit_with_reader, report
from assistant.train.network import ReaderNetwork, Shape
from assistant.train.pseudo import make_questions
from assistant.train.reading import Plan, finetune, pretrain, read_all
from assistant.train.thin import Thinner
from assistant.train.windows import Windows
from corpus.text import fold

BODY = (
    "Sáng 2/9/2024, cầu Nà Lếch dài 312 mét thông xe sau hai năm thi công. Ông Lò Văn Sơn, trưởng bản Hốc, cắt băng cùng bà con. "
    "Kinh phí xây cầu là 45 tỷ đồng, do tỉnh và 1.200 hộ dân góp. Trước đó bà con phải đi bè qua suối để lên chợ phiên Mường Lống. "
    "Chị Hà Thị Mận nói từ nay con đi học không còn sợ nước lũ. Mưa lớn tháng 8/2023 đã làm chậm việc đổ bê tông mặt cầu. "
    "Hai nhịp cuối được ghép trong 15 ngày với 40 công nhân của Công ty Cầu đường Sông Mã. "
    "Bà con mổ 3 con lợn đãi thợ, thanh niên đốt lửa múa xòe đến khuya bên mố cầu phía bắc. "
    "Thầy giáo Vi Văn Hợp kể mỗi mùa nước lớn, điểm trường bản Hốc vắng một nửa số học trò vì suối Nậm Lếch dâng cao. "
    "Cụ Lường Thị Ót, 91 tuổi, được con cháu cõng qua cầu đầu tiên, tay cầm nắm xôi và một chùm hoa ban để thả xuống suối. "
    "Xã dự tính mở thêm 7 km đường rải đá từ đầu cầu lên bản Pù Xen, nơi 86 hộ người Mông trồng đào và nuôi ong lấy mật. "
    "Theo kế hoạch, con đường ấy bắt đầu làm vào tháng 11/2024, sau khi bà con gặt xong lúa nương và phơi khô rơm cho trâu bò qua đông."
)
ROW = {
    "title": "Cầu Nà Lếch dài 312 mét thông xe",
    "abstract": "Cầu Nà Lếch ở bản Hốc có kinh phí 45 tỷ đồng, do 1.200 hộ dân góp công.",
    "body": BODY,
}


def test_made_questions_are_answered_where_they_say() -> None:
    rng = random.Random(3)
    made = [one for _ in range(60) for one in make_questions(ROW, rng)]
    assert len(made) > 60
    answered = [one for one in made if one.gold >= 0]
    assert 0.5 < len(answered) / len(made) < 0.98
    for one in made:
        assert len(one.question.split()) >= 4
        assert all(0 <= a < b <= len(one.text) for a, b in one.sentences)
    for one in answered:
        assert one.answer
        start, end = one.sentences[one.gold]
        assert start <= one.answer[0] < one.answer[1] <= end
        answer = one.text[one.answer[0] : one.answer[1]]
        assert answer.strip() == answer
        assert answer not in one.title
    asked = {"bao nhiêu", "mấy", "ai", "gì", "nào", "đâu", "khi"}
    told = [one for one in made if any(word in one.question.lower() for word in asked)]
    assert len(told) > len(made) / 2


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    words = sorted({w.form.marked for w in split_words(f"{ROW['title']} {BODY}")})
    return Vocabulary([*SPECIAL, *words])


FILLER = [f"từ{n}" for n in range(400)]  # makes the words that follow rare enough to be dropped


def test_thinned_questions_lose_shared_words_and_what_those_matched(vocabulary: Vocabulary) -> None:
    vocabulary = Vocabulary([*SPECIAL, *FILLER, *vocabulary.entries[len(SPECIAL) :]])
    made = made_windows(vocabulary)
    thinner = Thinner(vocabulary, np.random.default_rng(5))
    shorter = 0
    for reading, label in zip(made.readings(list(range(len(made)))), made.labels, strict=True):
        thin, moved = thinner(reading, label)
        lost = len(reading.tokens) - len(thin.tokens)
        shorter += lost > 0
        assert [int(n) for n in moved] == [n - lost if n >= 0 else -1 for n in label]
        for before, after in zip(label, moved, strict=True):
            if before >= 0:
                assert reading.tokens[before] == thin.tokens[after]
        words = [vocabulary.entries[n] for n in thin.tokens[thin.segments == QUESTION]]
        asked = ask_words(" ".join(words[1:]))
        for token, mark in zip(thin.tokens, thin.marks, strict=True):
            if (
                mark >= RARITIES and "[UNK]" not in words
            ):  # typed without marks: this vocabulary has no such word
                assert fold(vocabulary.entries[token]) in asked.folded
        assert (
            np.delete(reading.tokens, np.flatnonzero(reading.segments == QUESTION))
            == np.delete(thin.tokens, np.flatnonzero(thin.segments == QUESTION))
        ).all()
    assert 0 < shorter < len(made)


def test_what_is_asked_is_never_thinned_out() -> None:
    words = "giờ nào ngày tháng Nà Lếch thông xe mấy".split()
    vocabulary = Vocabulary([*SPECIAL, *FILLER, *(w.lower() for w in words)])
    text = "Cầu Nà Lếch thông xe lúc mấy giờ ngày nào tháng nào."
    reading = encode(vocabulary, ask_words(" ".join(words)), "", text, [(0, len(text))])
    thinner = Thinner(vocabulary, np.random.default_rng(6))
    kept = set(words)
    for _ in range(200):
        thin, _ = thinner(reading, np.array([-1, -1, -1]))
        asked = {vocabulary.entries[n] for n in thin.tokens[thin.segments == QUESTION]}
        assert {"giờ", "ngày", "tháng"} <= asked
        kept &= asked
    assert not kept & {"nà", "lếch", "thông", "xe"}


def small(vocabulary: Vocabulary) -> ReaderNetwork:
    torch.manual_seed(1)
    return ReaderNetwork(Shape(len(vocabulary), width=32, layers=1, heads=2, inner=48, dropout=0.0))


def made_windows(vocabulary: Vocabulary) -> Windows:
    rng, made = random.Random(4), Windows()
    for _ in range(40):
        for one in make_questions(ROW, rng):
            words = ask_words(one.question)
            reading = encode(vocabulary, words, one.title, one.text, one.sentences)
            made.add(reading, one.gold, one.answer)
    return made


def examples(vocabulary: Vocabulary, count: int = 36) -> list[Example]:
    """Candidate 0 is right and says so in its first feature, but in every third question."""
    sentences = [(0, BODY.index(" Ông")), (BODY.index("Ông"), BODY.index(" Kinh"))]
    reading = encode(vocabulary, ask_words("Cầu dài bao nhiêu?"), ROW["title"], BODY, sentences)
    found = []
    for i in range(count):
        answerable = i % 3 != 0
        rows = np.zeros((2, len(FEATURES)))
        rows[0, 0] = 3.0 if answerable else -3.0
        right = np.array([answerable, False])
        whole = np.zeros(len(WHOLE))
        read = Read(reading, np.array([0, 1]), (-1, -1))
        part = (TRAIN, BLEND, DEV)[(i // 3) % 3]
        found.append(Example(rows, whole, right, [read], answerable, part, "news", "how_many"))
    return found


def test_windows_and_examples_survive_their_files(vocabulary: Vocabulary, tmp_path: Path) -> None:
    made = made_windows(vocabulary)
    made.save(tmp_path / "made.npz")
    again = Windows.load(tmp_path / "made.npz")
    assert (again.labels == made.labels).all()
    for one, other in zip(made.readings([0, 5]), again.readings([0, 5]), strict=True):
        for name in ("tokens", "segments", "marks", "shapes"):
            assert (getattr(one, name) == getattr(other, name)).all()
    known = examples(vocabulary)
    stored.save(known, tmp_path / "examples.npz")
    for one, other in zip(known, stored.load(tmp_path / "examples.npz"), strict=True):
        assert other.rows == pytest.approx(one.rows, abs=1e-5)
        assert (other.right == one.right).all()
        assert (other.part, other.source, other.kind) == (one.part, one.source, one.kind)
        assert other.reads[0].reading.markers == one.reads[0].reading.markers
        assert other.reads[0].answer == one.reads[0].answer


def test_training_goes_on_where_it_was_stopped(vocabulary: Vocabulary, tmp_path: Path) -> None:
    made = made_windows(vocabulary)
    network = small(vocabulary)
    before = network.token.weight.detach().clone()
    pretrain(network, made, vocabulary, Plan(3, 1e-3), tmp_path / "a.pt")
    assert not torch.equal(network.token.weight, before)
    kept = torch.load(tmp_path / "a.pt", weights_only=True)
    assert kept["step"] == 3
    other = small(vocabulary)
    pretrain(other, made, vocabulary, Plan(3, 1e-3), tmp_path / "a.pt")  # nothing left to do
    assert torch.equal(network.token.weight, other.token.weight)
    pretrain(other, made, vocabulary, Plan(5, 1e-3), tmp_path / "a.pt")
    assert torch.load(tmp_path / "a.pt", weights_only=True)["step"] == 5


def test_the_exported_reader_says_what_the_network_says(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    network = small(vocabulary)
    known = examples(vocabulary)
    finetune(network, known, Plan(4, 1e-3), tmp_path / "b.pt")
    export(network, tmp_path / "reader.onnx")
    assert difference(network, tmp_path / "reader.onnx") < 0.1
    (tmp_path / "vocabulary.txt").write_text("\n".join(vocabulary.entries), encoding="utf-8")
    reader = Reader(tmp_path / "reader.onnx", tmp_path / "vocabulary.txt")
    sentences = [(0, BODY.index(" Ông")), (BODY.index("Ông"), BODY.index(" Kinh"))]
    window = Window(ROW["title"], BODY, sentences, [0, 1])
    read = reader.read("Cầu dài bao nhiêu?", [window], 3)
    assert read.values.shape == (3, len(READS))
    assert read.values[2].tolist() == [UNREAD] * 3  # in no window
    assert read.spans[2] is None
    expected = read_all(tmp_path / "reader.onnx", known[:1])[0]
    assert read.values[:2] == pytest.approx(expected, abs=1e-4)
    for (start, end), span in zip(sentences, read.spans, strict=False):
        assert span
        assert start <= span[0] < span[1] <= end


def test_the_ranker_learns_what_the_features_and_the_reader_tell(vocabulary: Vocabulary) -> None:
    known = examples(vocabulary, 90)
    ranker = fit(known)
    assert "first 1.000" in report(known, ranker)
    assert "AUROC 1.000" in report(known, ranker)
    unseen = [e for e in known if e.part != TRAIN]
    values = [np.array([[4.0 if e.answerable else -4.0, 0, 0], [-4.0, 0, 0]]) for e in unseen]
    both = fit_with_reader(known, values)
    assert both.blend
    assert "first 1.000" in report(known, both, values)
    at = next(i for i, e in enumerate(unseen) if e.answerable)
    scores = both.score(unseen[at].rows, values[at])
    assert scores[0] > scores[1]
    assert both.confidence(unseen[at].rows, unseen[at].whole, scores, [0, 1], values[at]) > 0.5


def test_confidence_is_how_probable_an_answer_is(vocabulary: Vocabulary) -> None:
    rng = np.random.default_rng(2)
    known = examples(vocabulary, 600)  # what the reader says tells something, not everything
    unseen = [e for e in known if e.part != TRAIN]
    values = []
    for e in unseen:
        told = rng.normal(1.0 if e.answerable else -1.0, 1.5)
        values.append(np.array([[told, 0, told], [-4.0, 0, told]]))
    flat = [replace(e, rows=e.rows * 0) for e in known]  # the features tell nothing
    ranker = fit_with_reader(flat, values)
    chances, answers = [], []
    for e, v in zip((e for e in flat if e.part != TRAIN), values, strict=True):
        if e.part == DEV:
            scores = ranker.score(e.rows, v)
            chances.append(ranker.confidence(e.rows, e.whole, scores, [0, 1], v))
            answers.append(e.answerable)
    assert np.mean(chances) == pytest.approx(np.mean(answers), abs=0.08)
