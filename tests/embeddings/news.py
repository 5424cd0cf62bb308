"""Small self-made news for the tests of the index: many articles, each with words of its own."""

import random
from pathlib import Path

_PLACES = "Cần Thơ|Đắk Lắk|Bắc Giang|Hà Giang|Quảng Trị|Lai Châu|Bến Tre|Sóc Trăng|Kon Tum|Thái Bình".split(
    "|"
)
_THINGS = "cà phê|vải thiều|cá tra|lúa thơm|sầu riêng|hồ tiêu|chè xanh|thanh long|bưởi da xanh|mật ong".split(
    "|"
)
_ACTS = "tăng giá mạnh|được mùa lớn|xuất khẩu lô đầu tiên|bị sâu hại|được bảo hộ chỉ dẫn địa lý|mở hội chợ".split(
    "|"
)
_WORDS = (
    "nông dân hợp tác xã doanh nghiệp chính quyền địa phương thị trường trong nước nước ngoài sản lượng "
    "chất lượng giống mới kỹ thuật tưới tiêu mùa vụ thời tiết mưa bão hạn hán vận chuyển kho lạnh "
    "giá bán thương lái nhà máy chế biến hợp đồng ký kết hỗ trợ vốn ngân hàng lãi suất"
).split()


def article(seed: int, *, version: int = 0) -> str:
    """An article of a few sentences; another ``version`` has the same title and other numbers."""
    rng = random.Random(seed)
    place, thing, act = rng.choice(_PLACES), rng.choice(_THINGS), rng.choice(_ACTS)
    title = f"{thing.capitalize()} {place} {act}"
    date = f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(2016, 2024)}"
    sentences = [f"Vụ này {thing} ở {place} {act}, đạt {rng.randint(100, 9_000) + version} tấn."]
    for _ in range(rng.randint(2, 9)):
        words = " ".join(rng.choices(_WORDS, k=rng.randint(8, 30)))
        sentences.append(f"{words.capitalize()} khoảng {rng.randint(2, 99)} phần trăm.")
    return f"{title}\n\n{date}\n\n{' '.join(sentences)}\n"


def fill(archive: Path, seeds: range, folder: str = "tin") -> None:
    """Write one file for each seed."""
    (archive / folder).mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (archive / folder / f"{seed:05}.txt").write_text(article(seed), encoding="utf-8")
