"""How the page looks and the few lines of script it needs; app.py hands both to Gradio.

Colours are Gradio's own variables where it has them, so that light and dark mode stay in step.
"""

import json

# System fonts that carry all Vietnamese marks; nothing is fetched from a font server.
FONTS = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono", "monospace")

CSS = """
.gradio-container { max-width: 1240px !important; margin: 0 auto !important; }
.hb-dau h1 { font-size: 1.5rem; font-weight: 700; margin: 0; }
.hb-dau p { margin: .15rem 0 0; color: var(--body-text-color-subdued); }
.hb-cot { overflow-wrap: anywhere; }
.hb-cot h2 { font-size: 1.05rem; font-weight: 600; margin: 0 0 .5rem; }
.hb-phu { color: var(--body-text-color-subdued); font-size: .9rem; margin: .25rem 0; }
.hb-hoi { font-weight: 600; margin: 0 0 .5rem; }
.hb-the { border: 1px solid var(--border-color-primary); border-radius: 8px; padding: .8rem 1rem;
  margin: 0 0 .8rem; background: var(--background-fill-primary); scroll-margin-top: 1rem; }
.hb-the:target, .hb-the.hb-chon { border-color: var(--color-accent);
  box-shadow: 0 0 0 2px var(--color-accent); outline: none; }
.hb-the h3 { font-size: 1rem; font-weight: 600; line-height: 1.4; margin: 0; }
.hb-the h4 { font-size: .9rem; font-weight: 600; margin: .8rem 0 0; }
.hb-so { font-variant-numeric: tabular-nums; font-weight: 600; }
a.hb-so { color: var(--link-text-color); text-decoration: none; padding: .1em .15em; }
a.hb-so:hover, a.hb-so:focus-visible { text-decoration: underline; }
.hb-doan p, .hb-toan-van p, .hb-nguyen { line-height: 1.6; margin: .4rem 0; }
.hb-nguyen { white-space: pre-line; }
.hb-cot mark { background: #ffe58a; color: #1c1917; border-radius: 2px; padding: .05em .1em; }
.dark .hb-cot mark { background: #6b5200; color: #fffbeb; }
.hb-cot summary { cursor: pointer; color: var(--link-text-color); width: fit-content; padding: .2rem 0; }
.hb-toan-van { border-left: 3px solid var(--border-color-primary); padding-left: .8rem; margin-top: .3rem; }
.hb-anh { font-style: italic; }
.hb-truoc { margin: 0 0 .8rem; }
.hb-truoc > section { margin-top: .5rem; }
.hb-tra-loi p { margin: .3rem 0; }
.hb-tra-loi blockquote { margin: .4rem 0; padding: .1rem 0 .1rem .8rem; line-height: 1.6;
  border-left: 3px solid var(--color-accent); }
.hb-loi { border-left: 3px solid var(--error-border-color); padding: .3rem .8rem; margin: .4rem 0; }
.hb-loi ul { margin: .2rem 0 0 1.2rem; list-style: disc; }
.hb-kho { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
.hb-kho dt { color: var(--body-text-color-subdued); }
.hb-kho dd { margin: 0; }
.hb-bang { max-height: 60vh; overflow: auto; border: 1px solid var(--border-color-primary); border-radius: 8px; }
.hb-bang table { width: 100%; border-collapse: collapse; }
.hb-bang th, .hb-bang td { text-align: left; vertical-align: top; padding: .45rem .7rem;
  border-bottom: 1px solid var(--border-color-primary); }
.hb-bang th { position: sticky; top: 0; background: var(--background-fill-secondary); }
.hb-ngay { white-space: nowrap; font-variant-numeric: tabular-nums; }
.hb-cot code { font-size: .85em; color: var(--body-text-color-subdued); }
@media (max-width: 700px) {
  .hb-kho { grid-template-columns: 1fr; gap: 0; }
  .hb-kho dd { margin-bottom: .5rem; }
}
"""

# Gradio has no Vietnamese translation, and its English one cannot be replaced from outside.
_LABELS = {
    "Clear": "Xóa cuộc trò chuyện",
    "Undo": "Hoàn tác",
    "Retry": "Hỏi lại",
    "Submit": "Gửi câu hỏi",
    "Stop": "Dừng",
    "Scroll down": "Cuộn xuống cuối",
    "Loading response": "Đang tìm câu trả lời",
    "Loading content": "Đang tải",
    "chatbot conversation": "Cuộc trò chuyện",
}

SCRIPT = (
    """<script>
(() => {
  const LABELS = """
    + json.dumps(_LABELS, ensure_ascii=False)
    + """;
  // Gradio writes some labels itself, in English: put the Vietnamese ones in their place.
  const translate = (root) => {
    for (const name of ["title", "aria-label"])
      for (const e of root.querySelectorAll(`[${name}]`)) {
        const label = LABELS[e.getAttribute(name)];
        if (label) e.setAttribute(name, label);
      }
  };
  document.documentElement.lang = "vi";
  new MutationObserver(() => {
    if (document.documentElement.lang !== "vi") document.documentElement.lang = "vi";
    translate(document);
  }).observe(document, { subtree: true, childList: true, attributes: true,
                         attributeFilter: ["title", "aria-label", "lang"] });
  translate(document);

  // [1] in an answer: open what hides its card, scroll there, mark it as chosen.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a.hb-so[href^="#dan-"]');
    const card = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!card) return;
    event.preventDefault();
    card.closest("details.hb-truoc")?.setAttribute("open", "");
    for (const other of document.querySelectorAll(".hb-chon")) other.classList.remove("hb-chon");
    card.classList.add("hb-chon");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
  });
})();
</script>"""
)
