"""What a look-up found, as HTML. Pure; every text of an article and of the query is escaped."""

from html import escape

from assistant.excerpt import matches
from assistant.fold import published_also
from assistant.lookup import MOST, Found, Order
from assistant.page.icons import icon
from assistant.page.marks import highlight
from assistant.page.render_filters import pages_nav
from assistant.page.render_months import months_figure
from assistant.retrieve import Hit
from assistant.wording import format_date, number_text

ORDERS = {
    Order.RELEVANCE.value: "Sát nhất trước",
    Order.NEWEST.value: "Mới nhất trước",
    Order.OLDEST.value: "Cũ nhất trước",
}

WELCOME = (
    '<div class="hb-trong-rong"><p>Gõ từ ngữ hoặc cả câu, có dấu hay không dấu, để tìm từng đoạn văn trong kho.</p>'
    '<p class="hb-phu">Gõ có dấu thì tìm đúng dấu: “lũ” không ra “lụ”. Gõ không dấu thì tìm cả hai.</p></div>'
)


def results_html(found: Found) -> str:
    """One page of hits under their number, the picture by month and the way to a CSV file."""
    if not found.total:
        return _nothing(found)
    cards = "".join(
        _card(number, found.query, hit)
        for number, hit in enumerate(found.hits, start=found.start + 1)
    )
    months = [(m.first, m.hits) for m in found.months]
    figure = months_figure(months, "đoạn", found.undated, "tra-thang") if found.total > 1 else ""
    return (
        f'<div class="hb-dau-kq"><h2 tabindex="-1">{escape(_summary(found))}</h2>'
        f'<button type="button" class="hb-nut" data-tra="csv">{icon("xuất")}Tải bảng CSV</button></div>'
        f'{_scope(found)}{figure}<ol class="hb-kq" start="{found.start + 1}">{cards}</ol>'
        f"{pages_nav(found.page, found.pages, 'Các trang kết quả')}"
    )


def summary(found: Found) -> str:
    """What a screen reader is told when results are there."""
    if not found.total:
        return "Không có đoạn nào phù hợp."
    return f"{_summary(found)}. Trang {found.page} trên {found.pages}."


def _summary(found: Found) -> str:
    least = "Ít nhất " if found.capped else ""
    line = f"{least}{number_text(found.total)} đoạn phù hợp"
    return line[0].upper() + line[1:]


def _scope(found: Found) -> str:
    lines = []
    if found.within:
        lines.append(f"Chỉ tìm trong {found.within}; ngoài phạm vi đó kho có thể còn đoạn khác.")
    if found.capped:
        lines.append(
            f"Hiện {MOST} đoạn sát nhất. Thêm từ hoặc lọc theo ngày, nguồn để thấy các đoạn khác."
        )
    return "".join(f'<p class="hb-phu">{escape(line)}</p>' for line in lines)


def _nothing(found: Found) -> str:
    where = f" trong {found.within}" if found.within else ""
    wider = "Hãy nới bộ lọc, " if found.within else "Hãy "
    return (
        f'<div class="hb-trong-rong" role="status"><h2 tabindex="-1">Không có đoạn nào phù hợp{escape(where)}</h2>'
        f'<p class="hb-phu">{wider}thử từ khác, bớt từ, hoặc gõ không dấu.</p></div>'
    )


def _card(number: int, query: str, hit: Hit) -> str:
    passage, article = hit.passage, hit.passage.article
    title = article.headline or article.id
    facts = [article.source, format_date(article.date) or "không rõ ngày đăng", article.author]
    also = f'<p class="hb-phu hb-trung">{escape(published_also(hit.also))}</p>' if hit.also else ""
    lines = [line for line in passage.text.split("\n") if line.strip()]
    text = "".join(f"<p>{highlight(line, matches(query, line))}</p>" for line in lines)
    return (
        f'<li><article class="hb-the"><h3><span class="hb-so">{number}.</span> '
        f"{highlight(title, matches(query, title))}</h3>"
        f'<p class="hb-phu">{escape(" · ".join(filter(None, facts)))}</p>{also}'
        f'<div class="hb-doan hb-nguyen">{text}</div><div class="hb-nut-hang">'
        f'<button type="button" class="hb-nut" data-tra="bai" data-doan="{passage.id}" '
        f'aria-label="Mở toàn bài “{escape(title)}”">{icon("mở")}Mở toàn bài</button></div></article></li>'
    )


__all__ = ["ORDERS", "WELCOME", "results_html", "summary"]
