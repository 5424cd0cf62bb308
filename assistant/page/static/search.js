// The tab "Tra cứu": the form and the buttons of its results. Also what the tab "Kho bài viết" shares with it:
// reading a filter form, and windows.
(() => {
  const hoibao = window.hoibao;
  let send = () => {};
  hoibao.searchBus = (trigger) => { send = trigger; };

  // What a form of filters says.
  hoibao.readFilters = (form) => {
    const data = new FormData(form);
    const text = (name) => String(data.get(name) ?? "").trim();
    return { chu: text("chu"), tu: text("tu"), den: text("den"), xep: text("xep"), nguon: data.getAll("nguon") };
  };

  // The window in that component, opened. It may come a moment after the answer of the server.
  hoibao.showWindow = (id, tries = 40) => {
    const dialog = document.querySelector(`#${id} dialog:not([data-cu])`);
    if (!dialog) return tries && setTimeout(() => hoibao.showWindow(id, tries - 1), 25);
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("mark")?.scrollIntoView({ block: "center" });
    dialog.querySelector("input:not([type=hidden])")?.focus();
  };

  // Requests of one kind one after another: what is shown is the answer to the last, and those between are left out.
  hoibao.lane = () => {
    let busy = false, next = null;
    return {
      go(run) {
        if (busy) next = run;
        else {
          busy = true;
          run();
        }
      },
      done() { // whether another is on its way
        const run = next;
        next = null;
        busy = Boolean(run);
        run?.();
        return busy;
      },
    };
  };

  // Another window is asked for: those that are there are not it.
  hoibao.awaitWindow = () => {
    for (const dialog of document.querySelectorAll("#cua-so-tra dialog, #cua-so-kho dialog")) dialog.dataset.cu = "1";
  };

  const results = () => document.getElementById("ket-qua");
  let sent = "";
  let asked = false; // the next results were asked for here: the focus goes to them
  const lane = hoibao.lane();
  hoibao.searched = (said) => {
    if (lane.done()) return;
    results()?.removeAttribute("aria-busy");
    if (said?.noi) hoibao.announce(said.noi);
    if (asked) requestAnimationFrame(() => {
      const head = results()?.querySelector("h2");
      if (asked === "trang") head?.scrollIntoView({ block: "start" });
      head?.focus({ preventScroll: true });
      asked = false;
    });
  };
  const ask = (event, data) => {
    asked = event;
    results()?.setAttribute("aria-busy", "true");
    lane.go(() => send(event, data));
  };

  // How many sources are ticked, on the button that opens them.
  const countSources = (form) => {
    const label = form.querySelector(".hb-chon summary span");
    if (!label) return;
    const ticked = [...form.querySelectorAll("[name=nguon]:checked")];
    label.textContent = ticked.length === 0 ? "Mọi nguồn"
      : ticked.length === 1 ? ticked[0].parentElement.firstChild.nextSibling.data.trim()
      : `${ticked.length} nguồn`;
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(".hb-loc");
    if (!form) return;
    countSources(form);
    if (event.target.name !== "chu" && form.elements.chu.value.trim() + (form.dataset.luon ?? "")) form.requestSubmit();
  });
  document.addEventListener("reset", (event) => {
    const form = event.target.closest?.(".hb-loc");
    if (!form) return;
    const words = form.elements.chu.value; // the words are no filter
    setTimeout(() => {
      if (!form.dataset.luon) form.elements.chu.value = words;
      countSources(form);
      form.requestSubmit();
    });
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "tra") return;
    event.preventDefault();
    const filters = hoibao.readFilters(event.target);
    if (!filters.chu) return event.target.elements.chu.focus();
    const told = JSON.stringify(filters);
    if (asked && told === sent) return; // Enter in a field that was changed comes twice
    sent = told;
    ask("tra", filters);
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll(".hb-chon[open]"))
      if (!open.contains(event.target)) open.open = false;
    const page = event.target.closest?.("#ket-qua [data-trang]");
    if (page) return ask("trang", { trang: page.dataset.trang });
    const button = event.target.closest?.("[data-tra]");
    if (!button) return;
    if (button.dataset.tra === "csv") send("csv", {});
    if (button.dataset.tra === "bai") {
      hoibao.awaitWindow();
      send("bai", { doan: button.dataset.doan });
    }
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest?.(".hb-chon[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();
