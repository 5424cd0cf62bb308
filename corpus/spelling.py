"""Which strings can be a Vietnamese syllable: the measure of whether bytes were decoded rightly.

It knows the onsets, the rimes and which tones a rime can carry. It does not know which of the
possible syllables are words.
"""

import re
import unicodedata
from functools import lru_cache

_ONSETS = "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p q r s t v x"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on
ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych
uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu ynh yt ych
""".split()
_SYLLABLE = re.compile(f"(?:{'|'.join(_ONSETS.split())})?({'|'.join(_RIMES)})")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STOPPED = re.compile("(?:c|ch|p|t)$")
_STOPPED_TONES = {"\u0301", "\u0323"}  # sắc and nặng alone go with a stop

# The commonest syllables with marks: what tells two decodings apart where both could be spelt.
_COMMON = frozenset(
    """bà bài bản báo bị bộ các cán cả cấp cần cầu cho chính chức chủ có cô công cơ của cũng cùng
    cứu dân dụng đã đại đang đảng đầu đất đây để đến đều đi địa điểm điện điều định đó độ đoàn đội
    đối đồng động đời đơn đường được gì giá giải giờ hà hành hàng hai hiện hiệu họ hòa học hội hợp
    huyện hướng kết khác khách khi không khu kiến kiểm kinh là lại làm lãnh lần lấy lên liên loại
    lực lý mà mạnh mất mặt mình mỗi một mới mức nam năm này nên ngày nghề nghị nghiệp ngoài người
    nguyễn nhà nhân nhận nhất nhiều những như nội nói nước nữ ở ông phải phát phần phí phòng phố
    quả quản quá quốc quyền quý rằng rất sách sáng sau sẽ số sở sống sự tác tại tài tạo tập tế thành
    thấy thế thể thêm theo thi thì thị thiết thời thông thu thứ thực thường tiền tiếp tỉnh tình tin
    tính tôi tổ tổng tới trên triển trình trong trước trường trưởng trợ từ tư tự và vẫn vào văn vấn
    vật về vì viên việc viết việt vị với vụ vực xã xây xuất ý yêu""".split()
)


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether ``word`` (any case, any normal form) is spelt as a Vietnamese syllable."""
    lowered = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(lowered)
    match = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONES.sub("", lowered)))
    if match is None or len(tones) > 1:
        return False
    return not _STOPPED.search(match.group(1)) or bool(set(tones) & _STOPPED_TONES)


def is_common(word: str) -> bool:
    """Whether ``word`` is one of the commonest Vietnamese syllables that carry a mark."""
    return unicodedata.normalize("NFC", word.lower()) in _COMMON
