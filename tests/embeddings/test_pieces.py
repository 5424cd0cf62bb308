"""The encoding's own way to token ids: always what the tokenizers library gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from embeddings.encoder import BUILTIN_MODEL
from embeddings.pieces import Pieces

TOKENIZER = Tokenizer.from_file(str(BUILTIN_MODEL / "tokenizer.json"))
PIECES = Pieces(TOKENIZER)

WRITTEN = [
    "Thủ tướng Chính phủ Việt Nam làm việc với Tổng Liên đoàn Lao động Việt Nam.",
    "Hoà bình, hòa bình; thuỷ thủ và thủy thủ; quý khách!",
    "Lạm phát 3,5% – 4 %, giá vàng 37.500.000 đồng/lượng, 50%%",
    "dòng một\ndòng hai\r\n\r\n\tdòng ba\u00a0dòng bốn  dòng năm",
    "Hội nghị",  # decomposed
    "zero\u200bwidth so\u00adft \ufeffmark 30\u2103 ½ m² № ﬁne ＡＢＣ",
    "snake_case _ __ ƻ %ƻ%",
    "漢字 mixed với chữ Việt, Ελλάς και ΣΟΦΙΑΣ, straße",
    "...",
    "",
    " ",
    "%",
    "a" * 300,
]


def same(texts: list[str]) -> None:
    wanted = [e.ids for e in TOKENIZER.encode_batch_fast(texts, add_special_tokens=False)]
    assert [ids.tolist() for ids in PIECES.of(texts)] == wanted


@pytest.mark.parametrize("text", WRITTEN)
def test_one_text_is_encoded_as_the_library_encodes_it(text: str) -> None:
    same([text])


def test_texts_beside_each_other_change_nothing() -> None:
    same([*WRITTEN, *reversed(WRITTEN)])
    same([])


def test_joined_syllables_are_one_token() -> None:
    assert [len(ids) for ids in PIECES.of(["công đoàn", "công, đoàn", "công\nđoàn"])] == [1, 2, 2]


LETTERS = st.sampled_from("aáàảãạâấăằđêếeoòóơờuùủưứyỳhngtcAĐÂ 0159%.,-\n\u00a0\u0301\u200b_²ƻ–“”")


@given(st.lists(st.one_of(st.text(LETTERS), st.text()), max_size=4))
def test_any_text_is_encoded_as_the_library_encodes_it(texts: list[str]) -> None:
    same([text.encode("utf-8", "ignore").decode() for text in texts])


SYLLABLES = "công đoàn việt nam lao động tổng liên hà nội thành phố hồ chí minh của và các ủy ban nhân dân".split()


@given(st.lists(st.sampled_from([*SYLLABLES, ",", "27", "Ủy", "hoà"]), max_size=40))
def test_merges_over_spaces_are_done_in_the_order_of_their_rank(words: list[str]) -> None:
    same([" ".join(words)])


def test_a_tokenizer_of_another_kind_is_refused() -> None:
    from tokenizers import models

    vocabulary = {token: i for i, token in enumerate(["▁a", "▁b", "c", "▁a▁b", "▁ac"])}
    other = Tokenizer(models.BPE(vocabulary, [("▁a", "▁b"), ("▁a", "c")]))
    with pytest.raises(ValueError, match="inside syllables"):
        Pieces(other)
