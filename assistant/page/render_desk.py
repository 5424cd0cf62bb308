"""Adding, putting right and taking away articles, as HTML. Pure; everything is escaped."""

from collections.abc import Sequence
from html import escape

from assistant.desk import MAX_PASTED, MAX_UPLOAD, Added
from assistant.page.icons import icon
from assistant.page.render_archive import UPDATE
from assistant.trash import Removed
from assistant.wording import format_date, local_time, number_text
from corpus import readers
from corpus.article import Article
from corpus.edits import MAX_CHARS

_LATER = "Các câu trả lời theo kịp sau khi cập nhật chỉ mục."


def add_panel() -> str:
    """Where files are dropped or chosen, and the form for one article."""
    suffixes = sorted(readers.READABLE)
    return (
        '<div class="hb-them"><div class="hb-tha" id="kho-tha">'
        f'<p>{icon("xuất")}<label for="kho-tep" class="hb-lien">Chọn tệp</label> hoặc kéo thả vào đây</p>'
        f'<input id="kho-tep" type="file" multiple accept="{",".join(suffixes)}" class="hb-chi-doc" '
        f'data-lon="{MAX_UPLOAD}"><p class="hb-phu">{", ".join(suffixes)}; mỗi tệp nhiều nhất {MAX_UPLOAD // 2**20} MB</p>'
        '<div id="kho-dang-tai"></div></div>'
        '<details class="hb-dan"><summary>Dán một bài</summary><form id="kho-dan" novalidate>'
        f"{_field('dan-nhan-de', 'nhan_de', 'Nhan đề', required=True)}"
        f'<div class="hb-o-hang">{_field("dan-ngay", "ngay", "Ngày đăng", placeholder="25/3/2022", longest=30)}'
        f"{_field('dan-nguon', 'nguon', 'Nguồn')}</div>"
        '<div class="hb-o"><label for="dan-noi-dung">Nội dung (mỗi dòng một đoạn)</label>'
        f'<textarea id="dan-noi-dung" name="noi_dung" rows="8" maxlength="{MAX_PASTED}" required></textarea></div>'
        '<button type="submit" class="hb-nut hb-chinh">Thêm bài này</button></form></details></div>'
    )


def closed_panel(reason: str) -> str:
    """Why nothing can be added here."""
    return f'<p class="hb-phu">{escape(reason)}</p>'


def edit_window(article: Article, edited: bool) -> str:
    """The form for title, day and source of one article."""
    date = format_date(article.date)
    reset = (
        '<button type="button" class="hb-nut" data-kho="goc">Trở lại như trong tệp</button>'
        if edited
        else ""
    )
    return _window(
        "Sửa thông tin bài viết",
        f'<h2>Sửa thông tin</h2><p class="hb-phu">Tệp <code>{escape(article.path)}</code> không bị động đến: phần sửa '
        f'được ghi bên cạnh nó. Nội dung bài giữ nguyên.</p><form id="kho-sua" data-id="{escape(article.id)}" novalidate>'
        f"{_field('sua-nhan-de', 'nhan_de', 'Nhan đề', article.title, required=bool(article.title))}"
        f'<div class="hb-o-hang">{_field("sua-ngay", "ngay", "Ngày đăng (để trống nếu không rõ)", date, "25/3/2022", 30)}'
        f"{_field('sua-nguon', 'nguon', 'Nguồn', article.source)}</div>"
        f'<p class="hb-loi-o" role="alert"></p><div class="hb-nut-hang"><button type="submit" class="hb-nut hb-chinh">Lưu</button>{reset}</div></form>',
    )


def whole_file_window(id: str, reason: str) -> str:
    """That an article cannot go alone, and whether its whole file is meant."""
    return _window(
        "Xóa cả tệp?",
        f"<h2>Xóa cả tệp?</h2><p>{escape(reason)}</p>"
        f'<div class="hb-nut-hang"><button type="button" class="hb-nut hb-chinh" data-kho="xoa-tep" data-id="{escape(id)}">'
        'Xóa cả tệp</button><button type="button" class="hb-nut" data-lam="dong">Thôi</button></div>',
    )


def added_notice(results: Sequence[tuple[str, Added | str]]) -> str:
    """What became of each file: its name with what was taken from it, or with the reason why it was refused."""
    items = "".join(_added(name, result) for name, result in results)
    taken = [result for _, result in results if isinstance(result, Added)]
    later = f"<p>{_LATER} {UPDATE}</p>" if taken else ""
    line = f"Đã nhận {number_text(len(taken))} trên {number_text(len(results))} tệp"
    return _notice(f'<p>{line}.</p><ul class="hb-tung-tep">{items}</ul>{later}')


def _added(name: str, result: Added | str) -> str:
    if isinstance(result, str):
        return f'<li class="hb-hong"><strong>Không nhận</strong> {escape(result)}</li>'
    count = len(result.articles)
    what = f"{number_text(count)} bài" if count > 1 else f"“{result.articles[0].headline}”"
    failed = f"; {len(result.failures)} chỗ không đọc được" if result.failures else ""
    return f"<li><strong>Đã thêm</strong> {escape(name)}: {escape(what + failed)}, ở <code>{escape(result.path)}</code></li>"


def edited_notice(title: str) -> str:
    """That a correction was kept."""
    return _notice(f"<p>Đã ghi thông tin của “{escape(title)}”. {_LATER} {UPDATE}</p>")


def removed_notice(removed: Removed) -> str:
    """That a file is in the trash, with the way back."""
    return _notice(
        f"<p>Đã chuyển “{escape(removed.title)}” vào thùng rác. {_undo(removed, 'Hoàn tác')}</p>"
        f"<p>Bài vẫn còn trong câu trả lời cho tới khi cập nhật chỉ mục. {UPDATE}</p>"
    )


def restored_notice(path: str) -> str:
    """That a file is back."""
    return _notice(f"<p>Đã trả <code>{escape(path)}</code> về kho. {_LATER} {UPDATE}</p>")


def trash_list(removed: Sequence[Removed]) -> str:
    """What can be taken back; nothing for an empty trash."""
    if not removed:
        return ""
    items = "".join(
        f"<li>“{escape(one.title)}”, xóa lúc {escape(local_time(one.at))} {_undo(one, 'Lấy lại')}"
        f'<p class="hb-phu"><code>{escape(one.path)}</code></p></li>'
        for one in removed
    )
    return f'<details class="hb-rac"><summary>Thùng rác ({len(removed)})</summary><ul>{items}</ul></details>'


def _undo(removed: Removed, words: str) -> str:
    return (
        f'<button type="button" class="hb-lien" data-kho="tra-lai" data-ma="{escape(removed.token)}" '
        f'aria-label="{words}: “{escape(removed.title)}”">{words}</button>'
    )


def _notice(inside: str) -> str:
    return f'<div class="hb-tin" role="status">{inside}</div>'


def _window(label: str, inside: str) -> str:
    return (
        f'<dialog class="hb-cua-so" aria-label="{escape(label)}"><div class="hb-dau-cua-so">'
        '<button type="button" class="hb-nut" data-lam="dong">Đóng</button></div>'
        f'<div class="hb-trong">{inside}</div></dialog>'
    )


def _field(
    id: str,
    name: str,
    label: str,
    value: str = "",
    placeholder: str = "",
    longest: int = MAX_CHARS,
    *,
    required: bool = False,
) -> str:
    needed = " required" if required else ""
    hint = f' placeholder="{placeholder}"' if placeholder else ""
    return (
        f'<div class="hb-o"><label for="{id}">{label}</label><input id="{id}" name="{name}" value="{escape(value)}" '
        f'maxlength="{longest}" autocomplete="off"{hint}{needed}></div>'
    )


__all__ = [
    "add_panel", "added_notice", "closed_panel", "edit_window", "edited_notice", "removed_notice", "restored_notice",
    "trash_list", "whole_file_window",
]  # fmt: skip
