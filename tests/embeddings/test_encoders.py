"""Both encoders: the built-in one against sentence-transformers, hub models with their prompts."""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from corpus.errors import EncoderError
from embeddings.encoder import BUILTIN_MODEL, Encoder, load_encoder
from embeddings.hub import HubEncoder
from embeddings.late import late_interaction
from embeddings.static import builtin

TEXTS = [
    "Công đoàn Công an nhân dân tổ chức hội nghị ban chấp hành.",
    "Giá cà phê ở Đắk Lắk tăng mạnh.",
    "gia ca phe tang manh o dak lak",
    "How much did the price of coffee rise?",
    "1.500.000 đồng, ngày 27/5",
]


def test_the_built_in_model_is_the_sentence_transformers_model_in_its_folder() -> None:
    theirs = SentenceTransformer(str(BUILTIN_MODEL), device="cpu")
    wanted = theirs.encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(builtin().encode_passages(TEXTS), wanted, atol=1e-5)


def test_built_in_vectors_are_unit_and_do_not_depend_on_their_batch() -> None:
    encoder = builtin()
    vectors = encoder.encode_queries(TEXTS * 150)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[: len(TEXTS)], vectors[-len(TEXTS) :])
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)
    assert not encoder.encode_queries([""]).any()


def test_what_means_the_same_is_near_with_and_without_marks() -> None:
    coffee, bare, other = builtin().encode_queries([TEXTS[1], TEXTS[2], TEXTS[0]])
    assert coffee @ bare > coffee @ other + 0.2


def test_the_built_in_model_fits_in_the_repository() -> None:
    size = sum(f.stat().st_size for f in BUILTIN_MODEL.rglob("*") if f.is_file())
    assert size <= 24 * 1024 * 1024


def test_late_interaction_is_maxsim_over_the_token_vectors() -> None:
    model = builtin()
    question, text = TEXTS[1], TEXTS[2] + " " + TEXTS[0]
    q = model.rows[list(dict.fromkeys(model.token_ids([question])[0]))].astype(float)
    d = model.rows[model.token_ids([text])[0]].astype(float)
    cosines = (q / np.linalg.norm(q, axis=1, keepdims=True)) @ (
        d / np.linalg.norm(d, axis=1, keepdims=True)
    ).T
    weights = np.linalg.norm(q, axis=1)
    wanted = (weights * cosines.max(axis=1)).sum() / weights.sum()
    assert late_interaction(question, [text, "", question]) == pytest.approx(
        [wanted, 0, 1], abs=1e-5
    )


@pytest.fixture(scope="module")
def hub_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real two-layer transformer with random weights and prompts, as a user may keep one."""
    folder = tmp_path_factory.mktemp("hub")
    words = sorted({w for text in TEXTS for w in text.split()} | {"hỏi:", "đoạn:"})
    vocabulary = {w: i for i, w in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="[PAD]", unk_token="[UNK]", model_max_length=48
    )
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=48)
    model = SentenceTransformer(
        modules=[transformer, Pooling(32)],
        prompts={"query": "hỏi: ", "document": "đoạn: "},
        device="cpu",
    )
    model.save(str(folder / "model"))
    return folder / "model"


def test_a_hub_model_gets_its_own_prompts(hub_model: Path) -> None:
    encoder: Encoder = load_encoder(str(hub_model))
    plain = SentenceTransformer(str(hub_model), device="cpu")
    for ours, prompt in ((encoder.encode_queries, "hỏi: "), (encoder.encode_passages, "đoạn: ")):
        wanted = plain.encode([prompt + t for t in TEXTS], prompt="", normalize_embeddings=True)
        np.testing.assert_allclose(ours(TEXTS), wanted, atol=1e-5)
    assert (encoder.dimension, encoder.max_tokens) == (32, 48)
    assert not np.allclose(encoder.encode_queries(TEXTS), encoder.encode_passages(TEXTS))


def test_tokens_are_counted_with_prompt_and_before_truncation(hub_model: Path) -> None:
    counts = HubEncoder(str(hub_model)).count_tokens(["tăng", "tăng mạnh. " * 60])
    assert counts[1] > 100
    assert counts[1] - counts[0] == 119


def test_the_fingerprint_tells_weights_apart(hub_model: Path, tmp_path: Path) -> None:
    first = HubEncoder(str(hub_model))
    assert first.fingerprint == HubEncoder(str(hub_model)).fingerprint
    changed = SentenceTransformer(str(hub_model), device="cpu")
    for parameter in changed.parameters():
        parameter.data.mul_(1.01)
    changed.save(str(tmp_path / "model"))
    assert HubEncoder(str(tmp_path / "model")).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("intfloat/multilingual-e5-small", ("query: ", "passage: ")),
        ("BAAI/bge-m3", ("", "")),
        ("Alibaba-NLP/gte-multilingual-base", ("", "")),
    ],
)
def test_prompts_that_known_models_need(name: str, wanted: tuple[str, str]) -> None:
    from embeddings.hub import _prompts

    assert _prompts(name, {}) == wanted


def test_offline_and_not_cached_fails_at_once_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A hub that swallows connections, as a firewall does, with no offline mode set.
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(EncoderError, match="HOIBAO_MODEL") as raised:
        load_encoder("intfloat/multilingual-e5-small")
    assert "intfloat/multilingual-e5-small" in str(raised.value)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="Không nạp được mô hình"):
        load_encoder(str(tmp_path))
