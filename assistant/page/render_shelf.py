"""The list of the archive's articles as HTML. Pure; titles, sources and ids are escaped."""

from html import escape

from assistant.page.icons import icon
from assistant.page.render_filters import pages_nav
from assistant.shelf import Shelf
from assistant.wording import format_date, number_text
from embeddings.store import Outline

WAY = "Các trang của kho"


def shelf_html(shelf: Shelf, editable: bool = False) -> str:
    """One page of the list; ``editable`` adds the buttons that change an article."""
    if not shelf.articles:
        return '<p class="hb-trong-rong" role="status">Không có bài nào khớp.</p>'
    rows = "".join(_row(outline, editable) for outline in shelf.articles)
    actions = '<th scope="col"><span class="hb-chi-doc">Việc</span></th>' if editable else ""
    head = f'<tr><th scope="col">Ngày đăng</th><th scope="col">Bài viết</th>{actions}</tr>'
    count = f"{number_text(shelf.total)} bài"
    where = f", trang {shelf.page} trên {number_text(shelf.pages)}" if shelf.pages > 1 else ""
    return (
        f'<p class="hb-phu" id="kho-dem" tabindex="-1">{count}{where}, mới nhất trước</p>'
        f'<table class="hb-danh-sach"><caption class="hb-chi-doc">Các bài trong kho</caption>'
        f"<thead>{head}</thead><tbody>{rows}</tbody></table>{pages_nav(shelf.page, shelf.pages, WAY)}"
    )


def _row(outline: Outline, editable: bool) -> str:
    id, title = escape(outline.id), escape(outline.title or outline.id)
    facts = f"{escape(outline.source)}{' · ' if outline.source else ''}<code>{id}</code>"
    actions = f'<td class="hb-viec-bai">{_actions(id, title)}</td>' if editable else ""
    return (
        f'<tr><td class="hb-ngay">{escape(format_date(outline.date)) or "không rõ"}</td>'
        f'<td><button type="button" class="hb-nhan-de" data-kho="doc" data-id="{id}">{title}</button>'
        f'<p class="hb-phu">{facts}</p></td>{actions}</tr>'
    )


def _actions(id: str, title: str) -> str:
    return "".join(
        f'<button type="button" class="hb-nho" data-kho="{act}" data-id="{id}" title="{label} “{title}”" '
        f'aria-label="{label} “{title}”">{icon(picture)}</button>'
        for act, label, picture in (("sua", "Sửa thông tin", "sửa"), ("xoa", "Xóa", "xóa"))
    )


__all__ = ["shelf_html"]
