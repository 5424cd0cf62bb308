// Labels that Gradio writes itself, in English: it has no Vietnamese translation, and its English one
// cannot be replaced from outside.
(() => {
  const LABELS = {
    "Clear": "Xóa hết",
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
    "Remove": "Bỏ",
    "Remove All": "Bỏ hết",
    "Remove all": "Bỏ hết",
    "common.complete": "Xong",
    "common.error": "Có lỗi",
    "common.loading": "Đang tải",
    "Error": "Có lỗi",
    "Connection Lost": "Mất kết nối",
    "Connection to the server was lost. Attempting reconnection...": "Mất kết nối tới Hỏi Báo. Đang thử nối lại; nếu chương trình đã dừng, hãy mở lại nó.",
  };
  const PATTERNS = [
    [/^Remove (.*)/s, "Bỏ $1"],
  ];

  const translated = (label) =>
    LABELS[label] ?? PATTERNS.reduce((text, [pattern, to]) => text.replace(pattern, to), label);
  const translate = () => {
    if (document.documentElement.lang !== "vi") document.documentElement.lang = "vi";
    for (const name of ["title", "aria-label"])
      for (const e of document.querySelectorAll(`[${name}]`)) {
        if (e.closest(".hb-cot, .hb-ben")) continue; // our own words, and people's
        const before = e.getAttribute(name);
        const after = translated(before);
        if (after !== before) e.setAttribute(name, after);
      }
    for (const e of document.querySelectorAll(".sr-only, .toast-title, .toast-message-text, [aria-live]:not([role=log])"))
      for (const node of e.childNodes)
        if (node.nodeType === Node.TEXT_NODE && LABELS[node.data.trim()]) node.data = LABELS[node.data.trim()];
  };
  new MutationObserver(translate).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ["title", "aria-label", "lang"],
  });
  translate();

  // What a screen reader is told. The element stays; only its text changes.
  const voice = document.createElement("div");
  voice.id = "hb-loa";
  voice.className = "hb-chi-doc";
  voice.setAttribute("role", "status");
  voice.setAttribute("aria-live", "polite");
  document.addEventListener("DOMContentLoaded", () => document.body.append(voice));
  const announce = (text) => {
    if (!voice.isConnected) document.body.append(voice);
    voice.textContent = text;
  };

  // A line that is seen, too, and goes away by itself.
  let gone;
  const toast = (text) => {
    announce(text);
    document.querySelector(".hb-bao")?.remove();
    const line = document.createElement("div");
    line.className = "hb-bao";
    line.setAttribute("aria-hidden", "true");
    line.textContent = text;
    (document.querySelector("dialog[open]") ?? document.querySelector(".gradio-container") ?? document.body).append(line);
    clearTimeout(gone);
    gone = setTimeout(() => line.remove(), 4000);
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // a page that is not on https or this computer has no clipboard
      const box = document.createElement("textarea");
      box.value = text;
      (document.querySelector("dialog[open]") ?? document.body).append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    toast("Đã chép.");
  };

  const save = (file) => {
    if (!file) return;
    if (file.loi) return toast(file.loi);
    const bytes = Uint8Array.from(atob(file.tep), (c) => c.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: file.kieu }));
    const link = Object.assign(document.createElement("a"), { href: address, download: file.ten });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    toast(`Đã xuất ${file.ten}.`);
  };

  window.hoibao = { announce, toast, copy, save };
})();
