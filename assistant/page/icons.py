"""Small pictures for buttons, drawn in the colour of the text; each button also has words."""

_PATHS = {
    "chép": '<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15V5a1 1 0 0 1 1-1h10"/>',
    "xuất": '<path d="M12 4v11m0 0-4-4m4 4 4-4M5 20h14"/>',
    "đúng": '<path d="M7 11v9H4v-9zm0 0 4-8a2.5 2.5 0 0 1 2.4 3L12.7 9H19a2 2 0 0 1 2 2.3l-1.2 7A2 2 0 0 1 17.8 20H7"/>',
    "sai": '<path d="M17 13V4h3v9zm0 0-4 8a2.5 2.5 0 0 1-2.4-3l.7-3H5a2 2 0 0 1-2-2.3l1.2-7A2 2 0 0 1 6.2 4H17"/>',
    "lại": '<path d="M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7"/>',
    "mở": '<path d="M4 6a2 2 0 0 1 2-2h5v16H6a2 2 0 0 1-2-2zm16 0a2 2 0 0 0-2-2h-5v16h5a2 2 0 0 0 2-2z"/>',
    "sửa": '<path d="m4 20 1-4L16 5l3 3L8 19z"/>',
    "xóa": '<path d="M5 7h14M10 7V4h4v3m-8 0 1 13h10l1-13"/>',
    "thêm": '<path d="M12 5v14M5 12h14"/>',
    "danh sách": '<path d="M4 6h16M4 12h16M4 18h10"/>',
    "hỏi": '<path d="m9 6 6 6-6 6"/>',
}


def icon(name: str) -> str:
    """The picture of that name as SVG, hidden from screen readers."""
    return (
        '<svg class="hb-hinh" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{_PATHS[name]}</svg>"
    )
