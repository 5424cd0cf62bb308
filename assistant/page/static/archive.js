// The tab "Kho bài viết": its buttons carry data-kho; forms and files go over the bus. Works with search.js.
(() => {
  const hoibao = window.hoibao;
  let send = () => {}, upload = async () => ({});
  hoibao.archiveBus = (trigger, sendFile) => { send = trigger; upload = sendFile; };

  const closeWindow = () => document.querySelector("#cua-so-kho dialog[open]")?.close();
  const say = (selector) => {
    const text = document.querySelector(selector)?.innerText.trim().split("\n")[0];
    if (text) hoibao.announce(text);
  };
  // A change was made, or not: what is said of it is brought into view.
  hoibao.archiveDone = (built) => {
    if (built) list = {};
    const notice = document.querySelector("#kho-bao .hb-tin, #kho-bao .hb-loi") ?? document.querySelector("#bao-cao > *");
    for (const form of document.querySelectorAll("#kho-viec form"))
      if (document.querySelector("#kho-bao .hb-tin") && form.dataset.gui) form.reset();
    for (const form of document.querySelectorAll("#kho-viec form")) delete form.dataset.gui;
    notice?.scrollIntoView({ block: "nearest" });
    say("#kho-bao .hb-loi, #kho-bao .hb-tin, #bao-cao .hb-xong, #bao-cao .hb-loi");
  };

  let list = {}, focused = false, asked = false;
  const lane = hoibao.lane();
  const browse = (filters) => {
    list = filters;
    lane.go(() => send("xem", filters));
  };
  hoibao.shelfAgain = () => browse(list); // the tab is opened: perhaps another has built meanwhile
  hoibao.shelfShown = () => {
    if (lane.done()) return;
    const count = document.getElementById("kho-dem") ?? document.querySelector("#cac-bai .hb-trong-rong");
    if (asked) hoibao.announce(count?.textContent ?? "");
    asked = false;
    if (!focused) return;
    count?.scrollIntoView({ block: "start" });
    count?.focus({ preventScroll: true });
    focused = false;
  };

  const fields = (form) => ({ id: form.dataset.id ?? "", ...Object.fromEntries(new FormData(form)) });

  const take = async (files) => {
    const input = document.getElementById("kho-tep"), line = document.getElementById("kho-dang-tai");
    const most = Number(input?.dataset.lon ?? 0);
    const fit = [...files].filter((file) => file.size <= most);
    const large = [...files].filter((file) => file.size > most);
    const tell = (text) => { line.textContent = text; hoibao.announce(text); };
    if (large.length) tell(`Tệp quá lớn, không tải lên: ${large.map((file) => file.name).join(", ")}.`);
    const names = [], paths = [];
    for (const [n, file] of fit.entries()) {
      line.textContent = `Đang tải lên ${n + 1}/${fit.length}: ${file.name}`;
      try {
        paths.push((await upload(file)).path);
        names.push(file.name);
      } catch {
        tell(`Không tải lên được ${file.name}. Hãy thử lại.`);
      }
    }
    if (!paths.length) return;
    if (!large.length) line.textContent = "";
    send("tep", { ten: names, tep: paths });
  };

  const ACTIONS = {
    dung: () => { closeWindow(); send("dung", {}); },
    ngung: (e) => { e.disabled = true; e.textContent = "Đang dừng sau mẻ này…"; send("ngung", {}); },
    doc: (e) => { hoibao.awaitWindow(); send("doc", { id: e.dataset.id }); },
    sua: (e) => { hoibao.awaitWindow(); send("sua", { id: e.dataset.id }); },
    xoa: (e) => { hoibao.awaitWindow(); send("xoa", { id: e.dataset.id }); },
    "xoa-tep": (e) => { closeWindow(); send("xoa_tep", { id: e.dataset.id }); },
    "tra-lai": (e) => send("tra_lai", { ma: e.dataset.ma }),
    goc: (e) => { const form = e.closest("form"); closeWindow(); send("goc", { id: form.dataset.id }); },
    "ban-do": (e) => { e.closest("#ban-do").setAttribute("aria-busy", "true"); send("ban_do", { mau: e.dataset.mau }); },
  };

  document.addEventListener("click", (event) => {
    const page = event.target.closest?.("#cac-bai [data-trang]");
    if (page) {
      focused = asked = true;
      return browse({ ...list, trang: page.dataset.trang });
    }
    const button = event.target.closest?.("[data-kho]");
    if (button) ACTIONS[button.dataset.kho]?.(button);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!["kho-loc", "kho-dan", "kho-sua"].includes(form.id)) return;
    event.preventDefault();
    if (form.id === "kho-loc") {
      asked = true;
      return browse(hoibao.readFilters(form));
    }
    const missing = [...form.elements].find((e) => e.required && !e.value.trim());
    if (missing) {
      missing.setAttribute("aria-invalid", "true");
      hoibao.toast("Hãy điền nhan đề và nội dung.");
      return missing.focus();
    }
    form.dataset.gui = "1";
    if (form.id === "kho-sua") closeWindow();
    send(form.id === "kho-sua" ? "luu" : "dan", fields(form));
  });
  document.addEventListener("input", (event) => event.target.removeAttribute?.("aria-invalid"));

  document.addEventListener("change", (event) => {
    if (event.target.id !== "kho-tep" || !event.target.files.length) return;
    take([...event.target.files]);
    event.target.value = "";
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"])
    document.addEventListener(kind, (event) => {
      const place = event.target.closest?.("#kho-tha");
      if (!place) return;
      event.preventDefault();
      place.classList.toggle("hb-keo", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") take([...event.dataTransfer.files]);
    });

  const watchMap = () => {
    const place = document.getElementById("ban-do");
    if (!place) return requestAnimationFrame(watchMap);
    new MutationObserver(() => place.removeAttribute("aria-busy")).observe(place, { subtree: true, childList: true });
  };
  watchMap();
})();
