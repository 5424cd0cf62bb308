"""Who said it; two speakers never become one."""

import pytest

from assistant.speakers import speaker_of, utterances

TEXT = """Ông Nguyễn Văn Bảo, Phó Chủ tịch UBND huyện Tân Lập, cho biết đợt mưa làm sập 12 nhà. “Chúng tôi đã đưa 40 hộ đi tránh lũ”, ông nói. Huyện chưa thống kê hết thiệt hại.

“Nước lên nhanh quá. Tôi chỉ kịp bế cháu chạy ra đê”, bà Lê Thị Tám kể.

Trưởng thôn Hà Văn Sơn nói: “Cả thôn mất điện hai ngày”. Chị Mai Thị Hạnh thì lo chuyện khác: “Lúa chưa kịp gặt đã ngập”.

Theo bà Đỗ Kim Oanh, Giám đốc Sở Nông nghiệp, thiệt hại khoảng 3 tỷ đồng. Bà cho rằng cần hỗ trợ giống. “Dân cần giống trước rằm”, bà nói thêm.

"Đường còn ngập nửa mét." Anh Phan Văn Tiến cho biết thêm.

Mưa đã ngớt từ trưa."""

SAID = [
    ("Ông Nguyễn Văn Bảo, Phó", "Nguyễn Văn Bảo"), ("“Chúng tôi đã đưa", "Nguyễn Văn Bảo"), ("Huyện chưa thống kê", ""),
    ("“Nước lên nhanh", "Lê Thị Tám"), ("Tôi chỉ kịp", "Lê Thị Tám"), ("Trưởng thôn Hà", "Hà Văn Sơn"), ("Chị Mai Thị", "Mai Thị Hạnh"),
    ("Theo bà Đỗ", "Đỗ Kim Oanh"), ("Bà cho rằng", "Đỗ Kim Oanh"), ("“Dân cần", "Đỗ Kim Oanh"), ('"Đường còn', "Phan Văn Tiến"),
    ("Mưa đã ngớt", ""),
]  # fmt: skip


@pytest.mark.parametrize(("begins", "speaker"), SAID)
def test_the_speaker_of_a_sentence(begins: str, speaker: str) -> None:
    assert speaker_of(TEXT, TEXT.index(begins)) == speaker


def test_utterances_are_in_order_and_inside_the_text() -> None:
    found = utterances(TEXT)
    assert [u.start for u in found] == sorted(u.start for u in found)
    assert all(u.speaker in TEXT and 0 <= u.start < u.end <= len(TEXT) for u in found)
    assert {u.speaker for u in found} == {s for _, s in SAID if s}


@pytest.mark.parametrize(
    "text",
    [
        "“Trời đẹp”. “Đường khô”.", "Giá gạo tăng 5%.", "“Tôi không biết”, một người dân nói.",
        "Ông Lý Văn An gặp bà Trần Thị Bé. “Phải làm ngay”, đại diện xã nói.",
    ],
)  # fmt: skip
def test_where_the_text_does_not_say_there_is_no_speaker(text: str) -> None:
    assert [u.speaker for u in utterances(text) if "“" in text[u.start : u.end]] == []


def test_any_text_is_read() -> None:
    for text in ("", "“" * 500, "nói " * 3000, "ông nói: “" * 500, ": “”" * 500):
        utterances(text)
