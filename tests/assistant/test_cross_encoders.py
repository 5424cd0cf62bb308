"""Cross-encoders by name: as a second stage of retrieval (HOIBAO_RERANKER) and as a reader (HOIBAO_READER)."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from assistant.evidence import make_judge
from assistant.question import analyse
from assistant.reading.reader import UNREAD
from assistant.rerank import CrossReranker, load_reranker
from assistant.retrieve import retrieve
from assistant.service import Assistant
from assistant.settings import Settings, read_settings
from assistant.weigh import gather
from corpus.errors import EncoderError
from embeddings.hub import HubCrossEncoder

WORDS = "hợp tác xã cà phê khe sanh lương tối thiểu vùng tăng ai bao nhiêu".split()


@pytest.fixture(scope="module", params=[1, 2], ids=["one output", "two outputs"])
def cross_model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real two-layer cross-encoder with random weights."""
    folder = tmp_path_factory.mktemp("cross")
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {w: i for i, w in enumerate([*specials, *dict.fromkeys(WORDS)])}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    raw.normalizer = normalizers.Lowercase()
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    raw.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=64,
    )  # fmt: skip
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64, num_labels=request.param, initializer_range=0.5,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_scores_are_the_models_own(cross_model: Path) -> None:
    texts = ["Lương tối thiểu vùng tăng.", "Cà phê Khe Sanh.", "x"]
    ours = HubCrossEncoder(str(cross_model), "HOIBAO_RERANKER").scores(
        "lương tăng bao nhiêu", texts
    )
    theirs = CrossEncoder(str(cross_model), device="cpu").predict(
        [("lương tăng bao nhiêu", t) for t in texts]
    )
    wanted = theirs if theirs.ndim == 1 else theirs[:, 1] - theirs[:, 0]
    np.testing.assert_allclose(ours, wanted, atol=1e-5)
    assert ours.std() > 0
    assert HubCrossEncoder(str(cross_model), "x").scores("q", []).shape == (0,)


def test_a_reranker_orders_the_first_hits_and_leaves_the_others_behind(
    cross_model: Path, sample: Assistant
) -> None:
    index, question = sample._open(), analyse("lương tối thiểu vùng tăng bao nhiêu")
    model = HubCrossEncoder(str(cross_model), "HOIBAO_RERANKER")
    plain = retrieve(index, question, 40)
    found = CrossReranker(model)(question, plain)
    assert {h.passage.id for h in found} == {h.passage.id for h in plain}
    head = [h.passage.id for h in found[:20]]
    assert set(head) == {h.passage.id for h in plain[:20]}
    assert head != [h.passage.id for h in plain[:20]]
    texts = [f"{h.passage.article.title}\n{h.passage.text}" for h in found[:20]]
    scores = model.scores(question.resolved, texts)
    np.testing.assert_allclose([h.score for h in found[:20]], scores, atol=1e-4)
    assert [h.passage.id for h in found[20:]] == [h.passage.id for h in plain[20:]]
    ordered = [h.score for h in found]
    assert ordered == sorted(ordered, reverse=True)


def test_a_cross_encoder_as_reader_reads_every_candidate_once(
    cross_model: Path, sample: Assistant
) -> None:
    index, question = sample._open(), analyse("lương tối thiểu vùng tăng bao nhiêu")
    hits = retrieve(index, question, 20)
    judge = make_judge(str(cross_model))
    found = gather(question, hits)
    assert judge.reader
    read = judge.reader.read(question.resolved, found.windows, len(found.candidates))
    assert (read.values[:, 0] > UNREAD).all()
    assert read.values[:, 0].std() > 0
    judged = [(e.article.id, e.start) for e in judge(index, question, hits).evidence]
    alone = [(e.article.id, e.start) for e in make_judge("off")(index, question, hits).evidence]
    assert set(judged) <= set(alone)  # those of the passages that are worth reading
    assert judged != [place for place in alone if place in judged]


def test_both_are_chosen_by_their_settings(cross_model: Path, sample: Assistant) -> None:
    s = read_settings(
        environ={"HOIBAO_RERANKER": str(cross_model), "HOIBAO_READER": str(cross_model)}
    )
    assistant = Assistant(
        Settings(
            sample.settings.archive, sample.settings.index, reader=s.reader, reranker=s.reranker
        )
    )
    answer = assistant.ask("Lương tối thiểu vùng tăng bao nhiêu?")
    assert answer.nearest
    assert all(c.quote == c.article.text[c.start : c.end] for c in answer.citations)
    hits = assistant.search("lương tối thiểu vùng", 5)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assistant.close()


@pytest.mark.parametrize("setting", ["HOIBAO_RERANKER", "HOIBAO_READER"])
def test_a_model_that_is_not_there_is_said_with_its_setting(
    setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    load = load_reranker if setting == "HOIBAO_RERANKER" else make_judge
    with pytest.raises(EncoderError, match=setting):
        load("khong/co-mo-hinh-nay")
