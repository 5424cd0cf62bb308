"""How the page looks and the few lines of script it needs; app.py hands both to Gradio.

Colours are Gradio's own variables where it has them, so that light and dark mode stay in step.
"""

import json

# System fonts that carry all Vietnamese marks; nothing is fetched from a font server.
FONTS = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono", "monospace")

CSS = """
.gradio-container { width: 100% !important; max-width: 1240px !important; margin: 0 auto !important; }
.gradio-container .html-container { padding: 0; }
.gradio-container button.submit-button { background: var(--primary-700); color: white; font-weight: 600; }
.dark { --color-accent: var(--primary-400); }
:root:not(.dark) { --color-accent: var(--primary-700); }
.hb-dau h1 { font-size: 1.5rem; font-weight: 700; margin: 0; }
.hb-dau p { margin: .15rem 0 0; color: var(--body-text-color-subdued); }
.hb-dinh { gap: .1rem; }
#tro-chuyen .placeholder { padding: 0 1rem; text-align: center; }
#tom-tat p { margin: 0; }
.hb-luu-y { border-left: 3px solid #d97706; padding-left: .8rem; margin-top: .4rem !important; }
.hb-cot { overflow-wrap: anywhere; gap: .5rem; }
.hb-cot h2 { font-size: 1.05rem; font-weight: 600; margin: 0; }
.hb-phu { color: var(--body-text-color-subdued); font-size: .9rem; margin: .25rem 0; }
.hb-dan { margin: 0 0 .6rem; }
.hb-cot .hb-dan > summary { color: var(--body-text-color); font-weight: 600; width: auto; margin-bottom: .4rem; }
.hb-the { border: 1px solid var(--border-color-primary); border-radius: 8px; padding: .8rem 1rem;
  margin: 0 0 .8rem; background: var(--background-fill-primary); scroll-margin: .5rem; }
.hb-the.hb-chon { border-color: var(--color-accent); box-shadow: inset 0 0 0 1px var(--color-accent); outline: none; }
.hb-the h3 { font-size: 1rem; font-weight: 600; line-height: 1.4; margin: 0; }
.hb-the h4 { font-size: .9rem; font-weight: 600; margin: .8rem 0 0; }
.hb-so { font-variant-numeric: tabular-nums; font-weight: 600; }
a.hb-so { color: var(--link-text-color); text-decoration: none; padding: .1em .15em; }
a.hb-so:hover, a.hb-so:focus-visible { text-decoration: underline; }
.hb-doan p, .hb-toan-van p, .hb-nguyen { font-size: 1rem; line-height: 1.6; margin: .4rem 0; }
.hb-nguyen { white-space: pre-line; }
.hb-cot mark { background: #ffe58a; color: #1c1917; border-radius: 2px; padding: .05em 0; }
.dark .hb-cot mark { background: #6b5200; color: #fffbeb; }
.hb-cot summary { cursor: pointer; color: var(--link-text-color); width: fit-content; padding: .2rem 0; }
.hb-toan-van { border-left: 3px solid var(--border-color-primary); padding-left: .8rem; margin-top: .3rem; }
.hb-anh { font-style: italic; }
.hb-tra-loi { font-size: 1rem; }
.prose .hb-tra-loi p { margin: .3rem 0 !important; }
.prose .hb-tra-loi ul { margin: .3rem 0; padding: 0; list-style: none; }
.prose .hb-tra-loi li { margin: .4rem 0; padding: 0; }
.prose .hb-tra-loi li a { color: var(--link-text-color); margin: 0; padding: 0; }
.prose .hb-tra-loi blockquote { margin: .5rem 0 !important; padding: .1rem 0 .1rem .8rem; line-height: 1.6;
  border-left: 3px solid var(--color-accent); }
.prose button.hb-sua { color: var(--link-text-color); text-decoration: underline; font-size: inherit; padding: .1em .2em; }
.hb-loi { border-left: 3px solid var(--error-border-color); padding: .3rem .8rem; margin: .4rem 0; }
.hb-loi ul { margin: .2rem 0 0 1.2rem; list-style: disc; }
.hb-tim { align-items: flex-end; }
#cap-nhat { width: fit-content; margin: .6rem 0; }
#bao-cao:has([data-testid="status-tracker"].full) { min-height: 4rem; }
#bao-cao .progress-text { display: none; }
.hb-kho { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
.hb-kho dt { color: var(--body-text-color-subdued); }
.hb-kho dd { margin: 0; }
.hb-bang { max-height: 60vh; overflow: auto; border: 1px solid var(--border-color-primary); border-radius: 8px; }
.prose .hb-bang table { width: 100%; margin: 0; border: 0; border-collapse: collapse; }
.prose .hb-bang tr { border: 0; }
.prose .hb-bang th, .prose .hb-bang td { text-align: left; vertical-align: top; padding: .45rem .7rem;
  border: 0; border-bottom: 1px solid var(--border-color-primary); }
.prose .hb-bang th { position: sticky; top: 0; background: var(--background-fill-secondary); }
.hb-bang p { margin: 0; }
.hb-ngay, .hb-bang th { white-space: nowrap; }
.hb-ngay { font-variant-numeric: tabular-nums; }
.hb-cot code { font-size: .9em; color: inherit; }
@media (min-width: 760px) {
  #dan-chung { max-height: clamp(400px, 100dvh - 240px, 940px); overflow-y: auto !important; padding-right: .5rem; }
}
@media (max-width: 700px) {
  .gradio-container .main { padding: .75rem; }
  .gradio-container textarea, .gradio-container input { font-size: 16px; } /* smaller: iOS zooms in */
  .hb-kho { grid-template-columns: 1fr; gap: 0; }
  .hb-kho dd { margin-bottom: .5rem; }
}
"""

# Gradio has no Vietnamese translation, and its English one cannot be replaced from outside.
_LABELS = {
    "Clear": "Xóa cuộc trò chuyện",
    "Undo": "Hoàn tác",
    "undo": "Hoàn tác",
    "Retry": "Hỏi lại",
    "Submit": "Gửi câu hỏi",
    "Stop": "Dừng",
    "Close": "Đóng",
    "More tabs": "Các thẻ khác",
    "Scroll down": "Cuộn xuống cuối",
    "Loading response": "Đang tìm câu trả lời",
    "Loading content": "Đang tải",
    "Loading": "Đang tải",
    "chatbot conversation": "Cuộc trò chuyện",
    "common.complete": "Xong",
    "common.error": "Có lỗi",
    "common.loading": "Đang tải",
    "Error": "Có lỗi",
    "Connection Lost": "Mất kết nối",
    "Connection to the server was lost. Attempting reconnection...": "Mất kết nối tới Hỏi Báo. "
    "Đang thử nối lại; nếu chương trình đã dừng, hãy mở lại nó.",
}
_PATTERNS = [
    ("^user's message: ", "Bạn hỏi: "),
    ("^bot's message: .*", "Hỏi Báo trả lời"),
    (r"^Select example \d+: ", "Hỏi: "),
]

SCRIPT = (
    f"""<script>
(() => {{
  const LABELS = {json.dumps(_LABELS, ensure_ascii=False)};
  const PATTERNS = {json.dumps(_PATTERNS, ensure_ascii=False)}.map(([p, to]) => [new RegExp(p, "s"), to]);"""
    + """
  // Gradio writes some labels itself, in English: put the Vietnamese ones in their place.
  const translated = (label) =>
    LABELS[label] ?? PATTERNS.reduce((text, [pattern, to]) => text.replace(pattern, to), label);
  const translate = () => {
    if (document.documentElement.lang !== "vi") document.documentElement.lang = "vi";
    for (const name of ["title", "aria-label"])
      for (const e of document.querySelectorAll(`[${name}]`)) {
        const before = e.getAttribute(name);
        const after = translated(before);
        if (after !== before) e.setAttribute(name, after);
      }
    for (const e of document.querySelectorAll(".sr-only, .toast-title, .toast-message-text, [aria-live]:not([role=log])"))
      for (const node of e.childNodes)
        if (node.nodeType === Node.TEXT_NODE && LABELS[node.data.trim()]) node.data = LABELS[node.data.trim()];
  };

  // The start of the last question goes to the top of the chat: its answer is read from there.
  const showLastQuestion = () => {
    const log = document.querySelector("#tro-chuyen [role=log]");
    const asked = [...log.querySelectorAll(".message-row.user-row, .user-row")].pop();
    if (asked) log.scrollTop += asked.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
  };

  new MutationObserver((mutations) => {
    translate();
    const within = (selector) => mutations.some((m) => m.addedNodes.length && m.target.closest?.(selector));
    if (within("#tro-chuyen [role=log]")) requestAnimationFrame(showLastQuestion);
    if (within("#dan-chung")) document.getElementById("dan-chung").scrollTop = 0;
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true,
                         attributeFilter: ["title", "aria-label", "lang"] });
  translate();

  // "Hiểu là: …" put into the question box, to be put right and sent again.
  const correct = (question) => {
    const box = [...document.querySelectorAll("textarea")].find((e) => e.offsetParent);
    if (!box) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };

  // [1] in an answer: open what hides its card, scroll there, mark it as chosen.
  document.addEventListener("click", (event) => {
    const wrong = event.target.closest?.(".hb-sua");
    if (wrong) return correct(wrong.previousElementSibling.textContent);
    const link = event.target.closest?.('a[href^="#dan-"]');
    const card = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!card) return;
    event.preventDefault();
    card.closest("details.hb-dan")?.setAttribute("open", "");
    for (const other of document.querySelectorAll(".hb-chon")) other.classList.remove("hb-chon");
    card.classList.add("hb-chon");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
  });
})();
</script>"""
)
