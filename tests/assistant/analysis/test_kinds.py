"""The kind of answer asked for, and its noun: with marks, without, in English."""

import pytest

from assistant.analysis.kinds import Kind, classify
from corpus.text import fold

ASKED = [
    ("Ai là trưởng thôn Nà Lếch?", Kind.WHO, ""),
    ("Bác sĩ nào mổ cho em bé?", Kind.WHO, "bac si"),
    ("Tài xế xe tải tên gì?", Kind.WHO, "ten"),
    ("Cơn bão ấy tên là gì?", Kind.WHAT, "ten"),
    ("Hội làng mở khi nào?", Kind.WHEN, "khi"),
    ("Cầu Mây thông xe hôm nào?", Kind.WHEN, "hom"),
    ("Trường Lê Lợi xây năm nào?", Kind.WHEN, "nam"),
    ("Phiên tòa bắt đầu lúc mấy giờ?", Kind.WHEN, ""),
    ("Vụ cháy xảy ra ở đâu?", Kind.WHERE, ""),
    ("Tỉnh nào trồng nhiều quế nhất?", Kind.WHERE, "tinh"),
    ("Rừng bị cháy bao nhiêu héc ta?", Kind.HOW_MANY, "hec ta"),
    ("Có mấy người bị thương?", Kind.HOW_MANY, "nguoi bi"),
    ("Sửa cầu hết bao nhiêu tiền?", Kind.HOW_MANY, "tien"),
    ("Đường hầm dài bao nhiêu?", Kind.HOW_MANY, "chieu dai"),
    ("Chuyến đi mất bao lâu?", Kind.HOW_MANY, "thoi gian"),
    ("Vì sao công nhân ngừng việc?", Kind.WHY, ""),
    ("Điều gì khiến ông Lực từ chức?", Kind.WHY, ""),
    ("Dân làng chuyển hàng như thế nào?", Kind.HOW, ""),
    ("Ông Lực nói gì về khu chợ mới?", Kind.SAID, ""),
    ("Bà Hoa đánh giá thế nào về vụ mùa?", Kind.SAID, ""),
    ("Xã Yên Thạch đã có nước sạch chưa?", Kind.YES_NO, ""),
    ("Ông Lực có nhận lời không?", Kind.YES_NO, ""),
    ("Những xã nào bị cô lập?", Kind.LIST, "xa"),
    ("Giá gạo năm nay so với năm ngoái thế nào?", Kind.COMPARE, ""),
    ("Ông Lực giữ chức vụ gì?", Kind.WHAT, "chuc vu"),
    ("Tranh Đông Hồ", Kind.OTHER, ""),
]  # fmt: skip


@pytest.mark.parametrize(("question", "kind", "noun"), ASKED)
def test_kind_and_noun(question: str, kind: Kind, noun: str) -> None:
    wanted = classify(question)
    assert wanted.kind is kind
    assert wanted.noun == noun or kind in (Kind.HOW, Kind.YES_NO, Kind.COMPARE, Kind.HOW_MANY)


@pytest.mark.parametrize(("question", "kind", "noun"), ASKED)
def test_the_kind_is_the_same_without_marks(question: str, kind: Kind, noun: str) -> None:
    assert classify(fold(question)).kind is kind


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Rừng bị cháy bao nhiêu héc ta?", "hec ta"), ("Sửa cầu hết bao nhiêu tiền?", "tien"), ("Đường hầm dài bao nhiêu?", "chieu dai"),
        ("Chuyến đi mất bao lâu?", "thoi gian"), ("Diện tích xã Yên Thạch là bao nhiêu?", "dien tich"), ("Cụ Mận thọ bao nhiêu tuổi?", "tuoi"),
    ],
)  # fmt: skip
def test_the_unit_asked_for(question: str, noun: str) -> None:
    assert classify(question).noun == noun


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who built the bridge?", Kind.WHO), ("When did it open?", Kind.WHEN), ("Where was the fire?", Kind.WHERE),
        ("How many people came?", Kind.HOW_MANY), ("Why did they stop?", Kind.WHY), ("What did Mr. Luc say about it?", Kind.SAID),
        ("What is the name of the fund?", Kind.WHAT),
    ],
)  # fmt: skip
def test_english(question: str, kind: Kind) -> None:
    assert classify(question).kind is kind


@pytest.mark.parametrize(
    ("question", "not_kind"),
    [("Cầu thủ nào ghi bàn?", Kind.WHEN), ("Kẻ gian lấy gì?", Kind.SAID), ("Công nhân nhà máy ăn gì?", Kind.HOW_MANY)],
)  # fmt: skip
def test_marks_tell_words_apart(question: str, not_kind: Kind) -> None:
    """ "thủ nào" is no "thứ nào", "kẻ" is not "kể", "máy" is not "mấy"."""
    assert classify(question).kind is not not_kind


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Ông Sơn đi làm bao nhiêu năm?", "nam"),
        ("ong son di lam may nam roi", "nam"),
        ("Dịch kéo dài bao nhiêu ngày rồi?", "ngay"),
        ("Bị cáo lĩnh mấy tháng tù?", "thang"),
        ("Nhà chị nuôi bao nhiêu con lợn?", "con lon"),
        # Only when, not how much of it:
        ("Có bao nhiêu người chết năm 2016?", "nguoi"),
        ("Giá vé bao nhiêu năm 2020?", "gia"),
        ("Lương bao nhiêu tháng này?", ""),
    ],
)
def test_years_months_and_days_are_counted_too(question: str, noun: str) -> None:
    wanted = classify(question)
    assert (wanted.kind, wanted.noun) == (Kind.HOW_MANY, noun)
