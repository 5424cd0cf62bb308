"""Places a question is likely to name: provinces old and new, large cities, countries; folded.

No gazetteer for search: it only tells that "Thế còn Huế?" swaps one place for another.
"""

_VIETNAM = """an giang|ba ria vung tau|vung tau|bac giang|bac kan|bac lieu|bac ninh|ben tre|binh dinh|binh duong|binh phuoc|binh thuan|ca mau
can tho|cao bang|da nang|dak lak|dak nong|dac lac|dac nong|dien bien|dong nai|dong thap|gia lai|ha giang|ha nam|ha noi|ha tay|ha tinh|hai duong
hai phong|hau giang|hoa binh|hung yen|khanh hoa|kien giang|kon tum|lai chau|lam dong|lang son|lao cai|long an|nam dinh|nghe an|ninh binh
ninh thuan|phu tho|phu yen|quang binh|quang nam|quang ngai|quang ninh|quang tri|soc trang|son la|tay ninh|thai binh|thai nguyen|thanh hoa
thua thien hue|hue|tien giang|tp hcm|tphcm|thanh pho ho chi minh|ho chi minh|sai gon|tra vinh|tuyen quang|vinh long|vinh phuc|yen bai
da lat|nha trang|quy nhon|vinh|ha long|bien hoa|buon ma thuot|pleiku|phan thiet|my tho|rach gia|long xuyen|phu quoc|con dao|sa pa|moc chau
tay nguyen|tay bac|dong bac|mien bac|mien trung|mien nam|dong bang song cuu long|dong bang song hong|viet nam"""
_WORLD = """my|hoa ky|anh|phap|duc|nga|y|italia|tay ban nha|bo dao nha|ha lan|bi|thuy si|thuy dien|na uy|dan mach|phan lan|ba lan|ucraina|ukraine
trung quoc|nhat ban|nhat|han quoc|trieu tien|dai loan|hong kong|an do|pakistan|thai lan|lao|campuchia|myanmar|malaysia|singapore|indonesia
philippines|uc|australia|new zealand|canada|mexico|brazil|argentina|chile|cuba|ai cap|nam phi|israel|iran|iraq|syria|tho nhi ky|a rap xe ut
chau au|chau a|chau phi|chau my|bac kinh|thuong hai|tokyo|seoul|bangkok|paris|london|berlin|moscow|mat xco va|washington|new york"""
PLACES = frozenset(
    name for block in (_VIETNAM, _WORLD) for line in block.split("\n") for name in line.split("|")
)
