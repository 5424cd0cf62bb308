"""The answering span: the right one among several of its kind, or none."""

import pytest

from assistant.question import analyse
from assistant.spans import find_span

CASES = [
    ("Vụ lật thuyền làm mấy người chết?", "Vụ lật thuyền làm 3 người chết, 12 người bị thương.", "3 người"),
    ("Vụ lật thuyền làm bao nhiêu người bị thương?", "Vụ lật thuyền làm 3 người chết, 12 người bị thương.", "12 người"),
    ("Sửa cầu hết bao nhiêu tiền?", "Cầu dài 312 mét, sửa trong 8 tháng, hết hơn 4,5 tỷ đồng.", "hơn 4,5 tỷ đồng"),
    ("Cầu dài bao nhiêu mét?", "Cầu dài 312 mét, sửa trong 8 tháng, hết 4,5 tỷ đồng.", "312 mét"),
    ("Sửa cầu mất bao lâu?", "Cầu dài 312 mét, sửa trong 8 tháng, hết 4,5 tỷ đồng.", "8 tháng"),
    ("Rừng tràm cháy bao nhiêu héc ta?", "Đám cháy thiêu rụi 45 ha rừng tràm trong 9 giờ.", "45 ha"),
    ("Trong 12 xã có bao nhiêu hộ mất nhà?", "Tại 12 xã, 340 hộ mất nhà.", "340 hộ"),
    ("Tỷ lệ hộ nghèo của xã là bao nhiêu phần trăm?", "Xã có 820 hộ, trong đó hộ nghèo chiếm 7,5%.", "7,5%"),
    ("Hội làng mở ngày nào?", "Sau khi sửa đình năm 2019, hội làng mở ngày 12/2/2023.", "ngày 12/2/2023"),
    ("Đình làng sửa năm nào?", "Đình làng được sửa năm 2019, hội mở ngày 12/2/2023.", "năm 2019"),
    ("Phiên tòa mở lúc mấy giờ?", "Phiên tòa mở lúc 8h30 sáng 4/5.", "8h30 sáng 4/5"),
    ("Ai là trưởng thôn Nà Lếch?", "Trưởng thôn Nà Lếch là ông Hà Văn Sơn.", "Hà Văn Sơn"),
    ("Ai cứu em Lò Thị Mẩy?", "Anh Phàn A Tiến đã kéo em Lò Thị Mẩy lên bờ.", "Phàn A Tiến"),
    ("Tài xế xe khách tên gì?", "Công an TP Vinh tạm giữ tài xế Đậu Xuân Thìn.", "Đậu Xuân Thìn"),
    ("Vụ cháy xảy ra ở đâu?", "Vụ cháy xảy ra tại chợ Phú Lộc vào rạng sáng 3/4.", "chợ Phú Lộc"),
    ("Lớp học mở ở tỉnh nào?", "Cô Mai về mở lớp ở tỉnh Lai Châu.", "tỉnh Lai Châu"),
    ("Ông Sơn nói gì về con đường?", "Ông Sơn cho biết: “Có đường là có chợ”.", "Có đường là có chợ"),
    ("Vì sao lớp học dừng?", "Lớp học dừng vì mưa lớn làm sập mái.", "mưa lớn làm sập mái"),
    ("Phong trào tên là gì?", "Xã phát động phong trào mang tên “Mỗi nhà một cây”.", "Mỗi nhà một cây"),
    ("mua lu lam bao nhieu nguoi chet", "Mưa lũ làm 9 người chết.", "9 người"),
    ("How many people died?", "Mưa lũ làm 9 người chết.", "9 người"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "sentence", "answer"), CASES)
def test_the_span(question: str, sentence: str, answer: str) -> None:
    span = find_span(analyse(question), sentence)
    assert span is not None
    assert sentence[span[0] : span[1]] == answer


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Có bao nhiêu hộ ở 12 xã?", "Đoàn đã đến 12 xã vùng cao."), ("Ai là trưởng thôn?", "Buổi họp kéo dài đến tối."),
        ("Hội làng mở ngày nào?", "Hội làng vui và đông."), ("Vì sao dừng?", "Lớp học dừng từ hôm ấy."), ("Tranh Đông Hồ", "Tranh Đông Hồ đẹp."),
        ("Ông Sơn có đến không?", "Ông Sơn đã đến."),
    ],
)  # fmt: skip
def test_no_span_where_nothing_fits(question: str, sentence: str) -> None:
    assert find_span(analyse(question), sentence) is None


@pytest.mark.parametrize("sentence", ["", "…", "“", "1" * 3000, "ở " * 2000, "vì " * 1000])
@pytest.mark.parametrize(
    "question",
    ["Ai?", "Ở đâu?", "Vì sao?", "Bao nhiêu tiền?", "Khi nào?", "Ông A nói gì?", "Gồm những gì?"],
)
def test_any_sentence_is_read(question: str, sentence: str) -> None:
    span = find_span(analyse(question), sentence)
    assert span is None or 0 <= span[0] < span[1] <= len(sentence)


def test_a_reader_tells_figures_apart_but_not_against_the_question() -> None:
    def figure(question: str, sentence: str, seen: str) -> str:
        at = sentence.index(seen)
        span = find_span(analyse(question), sentence, (at, at + len(seen)))
        return sentence[slice(*span)] if span else ""

    toll = "Mưa lũ làm 10 người chết, 15 người bị thương."
    assert figure("Mưa lũ làm bao nhiêu người chết?", toll, "15 người") == "10 người"
    years = "Ông dạy 3 năm ở Bản Mốc, rồi 16 năm ở Bản Hốc."
    assert figure("Ông dạy học bao nhiêu năm?", years, "16 năm") == "16 năm"
    assert figure("Ông dạy học bao nhiêu năm?", years, "3 năm") == "3 năm"
