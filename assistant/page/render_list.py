"""The list of conversations, with what can be done to each. Pure; titles are escaped."""

from collections.abc import Sequence
from html import escape

from assistant.exports import Format
from assistant.page.icons import icon
from assistant.records.conversations import Entry


def conversations_html(entries: Sequence[Entry], current: str) -> str:
    """The owner's conversations, the last used first; ``current`` is the id of the one on the page."""
    items = "".join(_item(entry, entry.id == current) for entry in entries)
    listed = f"<ul>{items}</ul>" if items else '<p class="hb-phu">Chưa có cuộc trò chuyện nào.</p>'
    return (
        f'<nav class="hb-ke" aria-label="Các cuộc trò chuyện">'
        f'<button type="button" class="hb-nut hb-moi" data-lam="moi">{icon("thêm")}Trò chuyện mới</button>'
        f'<button type="button" class="hb-nut hb-mo-ke" data-lam="ke" aria-expanded="false">{icon("danh sách")}'
        f"Các cuộc trò chuyện</button>{listed}</nav>"
    )


def undo_html(id: str, title: str) -> str:
    """That a conversation was deleted, and the way back."""
    return (
        f'<div class="hb-vua-xoa" role="status">Đã xóa “{escape(title)}”. '
        f'<button type="button" class="hb-lien" data-lam="phuc-hoi" data-id="{escape(id)}">Hoàn tác</button></div>'
    )


def _item(entry: Entry, current: bool) -> str:
    id, title = escape(entry.id), escape(entry.title)
    chosen = ' aria-current="true"' if current else ""
    return (
        f'<li{chosen}><button type="button" class="hb-cuoc" data-lam="mo" data-id="{id}" title="{title}">{title}</button>'
        f'<span class="hb-viec">'
        f"{_small('doi-ten', id, 'sửa', f'Đổi tên “{title}”')}"
        f'<details class="hb-chon-dang"><summary class="hb-nho" title="Xuất “{title}”" aria-label="Xuất “{title}”">'
        f"{icon('xuất')}</summary><div>{_formats(id)}</div></details>"
        f"{_small('xoa', id, 'xóa', f'Xóa “{title}”')}</span></li>"
    )


def _small(action: str, id: str, picture: str, label: str) -> str:
    return (
        f'<button type="button" class="hb-nho" data-lam="{action}" data-id="{id}" title="{label}" '
        f'aria-label="{label}">{icon(picture)}</button>'
    )


def _formats(id: str) -> str:
    labels = {
        Format.WORD: "Word (.docx)",
        Format.MARKDOWN: "Markdown (.md)",
        Format.CSV: "Bảng CSV",
    }
    return "".join(
        f'<button type="button" data-lam="xuat" data-id="{id}" data-dang="{f.value}">{label}</button>'
        for f, label in labels.items()
    )
