"""The map of the archive within the page: in a frame of its own that runs nothing. Pure."""

from html import escape

from assistant.atlas import By

_COLOURS = {By.SOURCE: "Tô màu theo nguồn", By.MONTH: "Tô màu theo tháng"}


def map_frame(page: str, by: By = By.SOURCE) -> str:
    """The map ``page`` under the buttons that draw it; without one, the buttons alone."""
    buttons = "".join(
        f'<button type="button" class="hb-nut hb-vien-nut" data-kho="ban-do" data-mau="{one.value}" '
        f'aria-pressed="{str(bool(page) and one is by).lower()}">{words}</button>'
        for one, words in _COLOURS.items()
    )
    frame = (
        f'<iframe class="hb-ban-do" sandbox="" title="Bản đồ kho: mỗi bài một chấm" srcdoc="{escape(page)}"></iframe>'
        if page
        else '<p class="hb-phu">Mỗi bài một chấm, bài gần nghĩa nằm gần nhau. Chọn cách tô màu để vẽ.</p>'
    )
    return f'<div class="hb-nut-hang" role="group" aria-label="Bản đồ kho">{buttons}</div>{frame}'


__all__ = ["map_frame"]
