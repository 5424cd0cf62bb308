"""A small training from text to an exported model, on self-made sentences."""

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

pytest.importorskip("torch")

from embeddings.train.evaluate import static_encoder
from embeddings.train.export import export, load_rows
from embeddings.train.loop import Matrix, Recipe, train
from embeddings.train.pair import Pair, group_of
from embeddings.train.pairs import all_pairs
from embeddings.train.passages import group_passages, split_sentences
from embeddings.train.prepare import Prepared, encode_pairs, load, save
from embeddings.train.sources import HeldBack
from embeddings.train.tokenizer import train_tokenizer

_TOPICS = {
    "Công đoàn tăng lương cho ai": "Công đoàn cơ sở và chủ doanh nghiệp đã ký thoả ước mới.",
    "Giá cà phê hôm nay": "Nông dân Đắk Lắk bán hạt cho thương lái với mức cao kỷ lục.",
    "Bão số ba đổ bộ khi nào": "Gió giật mạnh, mưa lớn ở các tỉnh ven biển miền Bắc.",
    "Đội tuyển bóng đá thắng mấy bàn": "Các cầu thủ ghi liên tiếp trong hiệp hai trên sân nhà.",
    "Lịch thi tốt nghiệp trung học": "Thí sinh làm bài môn văn sáng mai tại hơn hai nghìn điểm.",
    "Bệnh viện nào ghép tim": "Các bác sĩ phẫu thuật thành công cho bệnh nhân nhỏ tuổi.",
    "Tàu metro chạy thử": "Tuyến đường sắt đô thị đón hành khách đầu tiên ở thành phố.",
    "Cháy chợ ở đâu": "Ngọn lửa thiêu rụi nhiều quầy hàng của tiểu thương lúc rạng sáng.",
}
_RECIPE = Recipe(dimension=32, matryoshka=(32, 16), batch=8, epochs=40)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    texts = [*_TOPICS, *_TOPICS.values()] * 5
    return train_tokenizer(texts, syllables=400, joined=30, min_frequency=2)


@pytest.fixture(scope="module")
def prepared(tokenizer: Tokenizer) -> Prepared:
    pairs = [Pair("self-made", q, p, group_of(p)) for q, p in _TOPICS.items()]
    return encode_pairs(pairs, tokenizer)


def _trained(prepared: Prepared, tokenizer: Tokenizer, folder: Path) -> Matrix:
    checkpoint = folder / "checkpoint.safetensors"
    size = tokenizer.get_vocab_size()
    return train(prepared, size, _RECIPE, checkpoint, lambda epoch, rows: None)


def test_tokenizer_joins_a_frequent_pair_across_white_space(tokenizer: Tokenizer) -> None:
    assert "▁công▁đoàn" in tokenizer.encode("“Công  đoàn” họp").tokens
    assert "▁công▁đoàn" not in tokenizer.encode("công, đoàn").tokens


def test_tokenizer_reads_one_word_alike_however_it_is_written(tokenizer: Tokenizer) -> None:
    forms = ["thoả ước", "Thỏa ước", "(thoa\u0309 ước)", "tho\u200bả\u00a0ước."]
    assert len({tuple(tokenizer.encode(form).ids) for form in forms}) == 1
    assert tokenizer.encode(" … ").ids == [] == tokenizer.encode("").ids


def test_training_brings_pairs_together(
    prepared: Prepared, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    encode = static_encoder(tokenizer, _trained(prepared, tokenizer, tmp_path))
    scores = encode(list(_TOPICS)) @ encode(list(_TOPICS.values())).T
    assert scores.argmax(axis=1).tolist() == list(range(len(_TOPICS)))


def test_same_seed_gives_the_same_rows(
    prepared: Prepared, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first = _trained(prepared, tokenizer, tmp_path / "a")
    np.testing.assert_array_equal(first, _trained(prepared, tokenizer, tmp_path / "b"))
    # A finished run resumes from its checkpoint and has nothing left to do.
    np.testing.assert_array_equal(first, _trained(prepared, tokenizer, tmp_path / "a"))


def test_export_loads_in_sentence_transformers_as_a_mean_of_rows(
    prepared: Prepared, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    rows = _trained(prepared, tokenizer, tmp_path)
    export(rows, tokenizer, tmp_path / "model")
    stored = load_rows(tmp_path / "model")
    assert np.abs(stored - rows).max() <= np.abs(rows).max() / 127
    texts = [*_TOPICS, "cong doan tang luong"]
    model = sentence_transformers.SentenceTransformer(str(tmp_path / "model"), device="cpu")
    ours = static_encoder(tokenizer, stored)(texts)
    np.testing.assert_allclose(model.encode(texts), ours, atol=1e-6)
    assert model.similarity_fn_name == "cosine"
    assert model.get_embedding_dimension() == _RECIPE.dimension


def test_prepared_arrays_come_back_from_disk(prepared: Prepared, tmp_path: Path) -> None:
    save(prepared, tmp_path)
    again = load(tmp_path)
    np.testing.assert_array_equal(again.tokens, prepared.tokens)
    np.testing.assert_array_equal(again.pairs, prepared.pairs)
    assert again.counts == {"self-made": len(_TOPICS)}


def test_pairs_of_an_article_leave_held_back_news_out(tmp_path: Path) -> None:
    sentences = [
        f"Ủy ban nhân dân xã số {i} tổ chức hội nghị bàn việc làm đường vào ngày {i}."
        for i in range(30)
    ]
    article = {"title": "Hội nghị", "abstract": "Các xã họp.", "body": " ".join(sentences)}
    kept = {**article, "id": "a"}
    text = json.dumps(kept, ensure_ascii=False)
    (tmp_path / "news-qa-train").mkdir()
    (tmp_path / "news-qa-train" / "articles.jsonl").write_text(text, encoding="utf-8")
    question = {
        "article": "a",
        "split": "train",
        "answerable": True,
        "question": "Xã số 7 họp hôm nào?",
        "sentence": sentences[7],
    }
    line = json.dumps(question, ensure_ascii=False)
    (tmp_path / "news-qa-train" / "questions.jsonl").write_text(line, encoding="utf-8")
    pairs = list(all_pairs(tmp_path, seed=1))
    assert pairs == list(all_pairs(tmp_path, seed=1))
    assert all(sentences[7] in pair.passage for pair in pairs) and len(pairs) == 3
    (tmp_path / "news-qa-train" / "questions.jsonl").write_text(
        line.replace('"train"', '"dev"'), encoding="utf-8"
    )
    assert not list(all_pairs(tmp_path, seed=1))
    assert HeldBack.of(tmp_path).overlaps([sentences[7].replace(" ", "  ").upper()])


def test_passages_are_whole_sentences_in_order() -> None:
    import random

    text = " ".join(f"Đây là câu thứ {i} của bài viết dài này." for i in range(60))
    sentences = split_sentences(text)
    passages = group_passages(sentences, random.Random(0))
    assert [s for run in passages for s in run] == sentences and len(passages) > 2
