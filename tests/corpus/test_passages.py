"""Passages and sentences hold their promises for any text: hypothesis looks for one that breaks them."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Passage, PassageKind, Sentence, make_article
from corpus.passages import MAX_WORDS, OVERLAP_WORDS, fit_passages, split_passages
from corpus.sentences import count_words, cut, split_sentences

# What breaks offsets: marks apart from their letters, pairs of half characters, characters that no
# one sees, and every line end there is.
_ODD = "\u200b\ufeff\u00ad\u00a0\u2028\u2029\x85\x0b\x0c\x1c\x1f\r\n\t 😀👩‍🌾🇻🇳\u0301\u0323\u0302"
_PIECES = st.sampled_from(
    ["công", "đoàn", "Hà", "Nội", "TP.", "PGS.TS.", "1.500.000", "27/5", "…", "...", "?", "!”", "“Ai",
     "– Dạ", "1.", "anh P.", "(Ảnh: Hà)", "này.Theo", "iPhone", "hết.", "hết;", "xong.", ",", " ", "\n\n"]
)  # fmt: skip
_words = st.lists(_PIECES, max_size=120).map(" ".join)
_noise = st.text(st.one_of(st.sampled_from(_ODD + '.!?…"“”-–aĐế'), st.characters()), max_size=80)
_paragraph = st.one_of(_words, _noise, st.tuples(_words, _noise, _words).map("".join))
_text = st.one_of(_paragraph, _paragraph.map(lambda text: unicodedata.normalize("NFD", text)))
_articles = st.builds(
    lambda paragraphs, captions: make_article(
        id="bai.txt", path="bai.txt", title="Bài", paragraphs=paragraphs, captions=captions
    ),
    st.lists(_text, max_size=5),
    st.lists(_text, max_size=3),
)
thorough = settings(max_examples=150, deadline=None)


def ink(text: str) -> str:
    """The characters that are not white space."""
    return "".join(text.split())


def whole_pieces(article: Article, passage: Passage) -> list[Sentence]:
    """The sentences of the part the passage is from, cut as long ones are."""
    part = (0, article.body_end) if passage.kind is PassageKind.BODY else (article.body_end, None)
    sentences = split_sentences(article.text, *part)
    return [piece for s in sentences for piece in cut(article.text, s.start, s.end, MAX_WORDS)]


@thorough
@given(_text)
def test_sentences_cover_each_character_once(text: str) -> None:
    sentences = split_sentences(text)
    assert ink("".join(text[s.start : s.end] for s in sentences)) == ink(text)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in sentences)


@thorough
@given(_articles)
def test_a_passage_is_the_text_at_its_offsets(article: Article) -> None:
    for p in split_passages(article):
        assert article.text[p.start : p.end] == p.text
        assert p.text.strip() == p.text != ""


@thorough
@given(_articles)
def test_passages_cover_the_article_and_never_mix_body_and_captions(article: Article) -> None:
    passages = split_passages(article)
    for p in passages:
        inside = p.end <= article.body_end
        assert inside if p.kind is PassageKind.BODY else p.start >= article.body_end
    covered = {i for p in passages for i in range(p.start, p.end)}
    missed = "".join(c for i, c in enumerate(article.text) if i not in covered)
    assert ink(missed) == ""


@thorough
@given(_articles)
def test_a_passage_is_whole_sentences_and_at_most_180_words(article: Article) -> None:
    for p in split_passages(article):
        inside = [s for s in whole_pieces(article, p) if p.start <= s.start and s.end <= p.end]
        assert (p.start, p.end) == (inside[0].start, inside[-1].end)
        assert len(p.text.split()) <= MAX_WORDS or len(inside) == 1


@thorough
@given(_articles)
def test_neighbours_share_at_most_one_short_sentence(article: Article) -> None:
    for a, b in pairwise(split_passages(article)):
        assert a.start < b.start and a.end < b.end
        shared = [s for s in whole_pieces(article, b) if b.start <= s.start and s.end <= a.end]
        assert len(shared) <= 1
        assert all(count_words(article.text, s) <= OVERLAP_WORDS for s in shared)


def article_of(*sentences: str, captions: list[str] | None = None) -> Article:
    return make_article(
        id="a", path="a", title="T", paragraphs=[" ".join(sentences)], captions=captions
    )


def sentence(number: int, words: int) -> str:
    return " ".join([f"Câu{number}", *["chữ"] * (words - 2), "hết."])


def numbers(passages: list[Passage]) -> list[list[str]]:
    return [[w[3:] for w in p.text.split() if w.startswith("Câu")] for p in passages]


def test_passages_of_an_article_are_of_about_equal_length() -> None:
    """200 words make two halves of about 100, not 180 and a stub of 20."""
    passages = split_passages(article_of(*(sentence(i, 20) for i in range(10))))
    assert numbers(passages) == [["0", "1", "2", "3", "4"], ["4", "5", "6", "7", "8", "9"]]


def test_a_long_sentence_is_not_repeated() -> None:
    passages = split_passages(article_of(*(sentence(i, OVERLAP_WORDS + 1) for i in range(6))))
    assert numbers(passages) == [["0", "1", "2"], ["3", "4", "5"]]


def test_captions_follow_the_body_in_passages_of_their_own() -> None:
    article = article_of("Đê vỡ lúc nửa đêm.", captions=["Đoạn đê vỡ ở xã Bình Minh."])
    assert split_passages(article) == [
        Passage(0, 18, "Đê vỡ lúc nửa đêm.", PassageKind.BODY),
        Passage(20, 46, "Đoạn đê vỡ ở xã Bình Minh.", PassageKind.CAPTION),
    ]


def test_an_article_without_text_has_no_passages() -> None:
    assert split_passages(article_of()) == split_passages(article_of(" \u00a0 ")) == []


def test_passages_are_halved_until_the_encoder_takes_them() -> None:
    article = article_of(*(sentence(i, 10) for i in range(30)))
    passages = fit_passages(article, lambda texts: max(len(t.split()) for t in texts) <= 50)
    longest = max(len(p.text.split()) for p in passages)
    assert 30 <= longest <= 45  # 180 → 90 → 45
    assert ink("".join(p.text for p in passages)).count("hết.") >= 30


def test_no_length_that_fits_is_an_error_and_not_a_cut_text() -> None:
    with pytest.raises(ValueError, match="no passage length fits"):
        fit_passages(article_of(sentence(0, 30)), lambda texts: False)
