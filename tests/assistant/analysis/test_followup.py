"""Follow-ups: what a short question means after another, in more than sixty turns of conversation."""

import pytest

from assistant.analysis.followup import is_follow_up, resolve

# One conversation: its first question, then each turn with what it is understood as.
CONVERSATIONS = [
    ("Quỹ Bông Lúa hỗ trợ bao nhiêu hộ năm 2020?", [
        ("Còn năm 2021 thì sao?", "Quỹ Bông Lúa hỗ trợ bao nhiêu hộ năm 2021?"),
        ("Thế năm 2022?", "Quỹ Bông Lúa hỗ trợ bao nhiêu hộ năm 2022?"),
        ("Còn tháng 3/2023?", "Quỹ Bông Lúa hỗ trợ bao nhiêu hộ tháng 3/2023?"),
    ]),
    ("Ai rơi xuống Vịnh Hạ Long?", [("Sự việc xảy ra khi nào?", "Ai rơi xuống Vịnh Hạ Long – Sự việc xảy ra khi nào?")]),
    ("ai roi xuong vinh", [("vu viec xay ra o dau", "ai roi xuong vinh – vu viec xay ra o dau")]),
    ("Ai lái tàu?", [("Vụ cháy xảy ra ở chợ Đồng Xuân khi nào?", "Vụ cháy xảy ra ở chợ Đồng Xuân khi nào?")]),
    ("quy bong lua ho tro bao nhieu ho nam 2020", [
        ("con nam 2021 thi sao", "quy bong lua ho tro bao nhieu ho nam 2021"),
        ("the con nam ngoai", "quy bong lua ho tro bao nhieu ho nam ngoai"),
    ]),
    ("Hội làng Đông Mai mở khi nào?", [
        ("Ở đâu?", "Hội làng Đông Mai mở ở đâu?"),
        ("Vì sao?", "Hội làng Đông Mai mở vì sao?"),
    ]),
    ("Giá hồ tiêu ở Gia Lai là bao nhiêu?", [
        ("Thế còn Đắk Lắk?", "Giá hồ tiêu ở Đắk Lắk là bao nhiêu?"),
        ("Còn Bình Phước thì sao?", "Giá hồ tiêu ở Bình Phước là bao nhiêu?"),
        ("Vậy ở Đồng Nai?", "Giá hồ tiêu ở Đồng Nai là bao nhiêu?"),
    ]),
    ("gia ho tieu o gia lai la bao nhieu", [
        ("con dak lak thi sao", "gia ho tieu o dak lak la bao nhieu"),
    ]),
    ("Bão số 7 làm sập bao nhiêu nhà ở Quảng Trị?", [
        ("Còn Huế?", "Bão số 7 làm sập bao nhiêu nhà ở Huế?"),
    ]),
    ("How many boats sank in 2019?", [
        ("What about 2020?", "How many boats sank 2020?"),
    ]),
    ("Xưởng Tân Tiến tuyển bao nhiêu thợ trong quý I/2021?", [
        ("Còn quý II/2021 thì sao?", "Xưởng Tân Tiến tuyển bao nhiêu thợ trong quý II/2021?"),
    ]),
    ("Công ty Vĩnh Khang thưởng Tết bao nhiêu tiền?", [
        ("Còn năm 2022 thì sao?", "Công ty Vĩnh Khang thưởng Tết bao nhiêu tiền năm 2022?"),
    ]),
    ("Vụ cháy chợ Phú Lộc xảy ra ở đâu?", [
        ("khi nào?", "Vụ cháy chợ Phú Lộc xảy ra khi nào?"),
    ]),
]  # fmt: skip

# After the first question these lean on it: they take it along.
LEANING = [
    ("Ai là trưởng thôn Nà Lếch?", [
        "Ông ấy giữ chức vụ gì?", "Ông ta bao nhiêu tuổi?", "Anh ấy làm nghề gì?", "Người này quê ở đâu?",
        "Ông ấy nói gì về con đường mới?", "ong ay bao nhieu tuoi", "Vậy ai bầu ông ấy?", "Thế ông làm trưởng thôn từ bao giờ?",
    ]),
    ("Who chairs the Na Lech fund?", ["When was he elected?", "What did she say?", "How old is he?", "Why?"]),
    ("Nhà máy Sao Khuê đóng cửa khi nào?", [
        "Vì sao nhà máy này phải đóng cửa?", "Bao nhiêu người mất việc khi đó?", "Sau đó công nhân đi đâu?", "Họ được đền bù ra sao?",
        "Còn xưởng thứ hai thì mở lại khi nào?", "Thế chủ của nó là ai?", "Việc đó ai quyết định?", "nha may nay co bao nhieu cong nhan",
        "Có ai bị thương không?", "Trong số đó có bao nhiêu phụ nữ?", "Riêng phân xưởng may thì sao?", "Chúng được bán cho ai?",
    ]),
    ("Cháu bé đi lạc ở Mường Lự được tìm thấy ở đâu?", [
        "Cháu mặc áo màu gì?", "Bé bao nhiêu tuổi, cô giáo nào nhận ra bé ấy?", "Ai là người nhìn thấy cháu đầu tiên lúc đó?",
        "Hai người đi tìm bằng gì?",
    ]),
]  # fmt: skip

# These stand on their own, whatever was asked before.
NEW_TOPICS = [
    "Giá vàng hôm nay bao nhiêu một lượng?", "Ai là Chủ tịch Hội Nông dân xã Yên Thạch?", "Đoàn phí công đoàn bằng bao nhiêu phần trăm tiền lương?",
    "Thế giới có bao nhiêu người nói tiếng Việt?", "Thế vận hội 2020 tổ chức ở đâu?", "con duong Tran Phu dai bao nhieu km",
    "con ga nang bao nhieu can", "Tranh Đông Hồ", "lịch cúp điện Thủ Đức", "Ông Phan Văn Lực nói gì về khu chợ mới?",
    "Anh em nhà họ Lương mở xưởng ở đâu?", "Cô giáo Lò Thị Mai dạy ở điểm trường nào?", "Bà con xã Nậm Cắn trồng cây gì?",
    "Vì sao công nhân Công ty Hải Vân ngừng việc?", "Who is the mayor of Da Nang?", "Nước Anh có bao nhiêu vùng?",
    "Loạt ảnh làng nghề Bát Tràng do ai chụp?", "Hội nghị Khối thi đua số 4 diễn ra ngày nào?", "Ông Lê Văn Tám bị bắt khi ông ấy đang ở đâu?",
    "Quỹ Bông Lúa do ai lập và quỹ này có bao nhiêu tiền?", "Trung vệ nào của đội Sông Lô bị treo giò?", "Công ty Vĩnh Khang có bao nhiêu công nhân?",
]  # fmt: skip


def turns(conversation: tuple[str, list[tuple[str, str]]]) -> list[tuple[list[str], str, str]]:
    first, following = conversation
    asked = [first, *(turn for turn, _ in following)]
    return [(asked[:n], turn, means) for n, (turn, means) in enumerate(following, start=1)]


@pytest.mark.parametrize(("history", "turn", "means"), [t for c in CONVERSATIONS for t in turns(c)])
def test_a_slot_takes_the_place_of_its_like(history: list[str], turn: str, means: str) -> None:
    assert resolve(turn, history) == means


@pytest.mark.parametrize(("first", "turn"), [(f, t) for f, ts in LEANING for t in ts])
def test_what_points_back_takes_the_topic_along(first: str, turn: str) -> None:
    resolved = resolve(turn, [first])
    assert resolved != turn
    assert resolved.startswith(first.rstrip("?")[:12])


@pytest.mark.parametrize("question", NEW_TOPICS)
def test_a_new_topic_is_not_dragged_back(question: str) -> None:
    history = ["Hội làng Đông Mai mở khi nào?", "Ở đâu?"]
    assert resolve(question, history) == question


def test_a_follow_up_of_a_follow_up_keeps_the_topic_and_stays_short() -> None:
    history = [
        "Nhà máy Sao Khuê đóng cửa khi nào?", "Vì sao nhà máy này đóng cửa?", "Họ được đền bù ra sao?",
        "Ai trả số tiền đó?",
    ]  # fmt: skip
    resolved = resolve("Sau đó họ đi đâu?", history)
    assert resolved.startswith("Nhà máy Sao Khuê đóng cửa khi nào – ")
    assert resolved.endswith("Ai trả số tiền đó – Sau đó họ đi đâu?")
    assert resolved.count(" – ") == 2


def test_a_resolved_question_sent_again_is_not_resolved_twice() -> None:
    first = "Ai là trưởng thôn Nà Lếch?"
    resolved = resolve("Ông ấy giữ chức vụ gì?", [first])
    assert resolve(resolved, [first, "Ông ấy giữ chức vụ gì?"]) == resolved


def test_without_history_nothing_is_resolved() -> None:
    assert resolve("Còn năm 2020 thì sao?", []) == "Còn năm 2020 thì sao?"
    assert resolve("Vì sao?", ["  "]) == "Vì sao?"


def test_there_are_enough_turns() -> None:
    counted = sum(len(following) for _, following in CONVERSATIONS)
    assert counted + sum(len(t) for _, t in LEANING) + len(NEW_TOPICS) >= 60
    assert is_follow_up("vì sao?")
