// The chat: its buttons carry data-lam, which says what they do; what needs the server goes over the bus.
(() => {
  const hoibao = window.hoibao;
  let send = () => {};
  hoibao.bus = (trigger) => { send = trigger; };
  hoibao.openWindow = () => {
    const dialog = document.querySelector("#cua-so dialog");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector("mark")?.scrollIntoView({ block: "center" });
  };
  hoibao.announce = ((say) => (said) => {
    if (!said?.noi) return typeof said === "string" ? say(said) : undefined;
    hoibao.toast(said.noi);
    if (!said.duoc) return;
    const turn = document.querySelector(`.hb-luot[data-luot="${said.luot}"]`);
    for (const e of turn?.querySelectorAll("[aria-pressed]") ?? [])
      e.setAttribute("aria-pressed", String((e.dataset.lam === "dung") === said.dung));
    const form = turn?.querySelector(".hb-gop-y");
    if (form) form.hidden = true;
  })(hoibao.announce);

  const box = () => document.querySelector("#o-hoi textarea");
  const fill = (question) => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box(), question);
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
  };
  const turnOf = (e) => e.closest(".hb-luot");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const glide = () => (still.matches ? "auto" : "smooth");

  // [1] in an answer: mark its card as chosen and go there.
  const choose = (card) => {
    for (const other of document.querySelectorAll(".hb-duoc-chon")) other.classList.remove("hb-duoc-chon");
    card.classList.add("hb-duoc-chon");
    card.focus({ preventScroll: true });
    (card.querySelector("mark") ?? card).scrollIntoView({ behavior: glide(), block: "center" });
  };

  const answerText = (turn) => {
    const said = [...turn.querySelectorAll(".hb-tra-loi > p:not(.hb-phu), .hb-tra-loi blockquote")].map((e) => e.innerText.trim());
    const sources = [...turn.querySelectorAll("[data-chep]")].map((e, n) => `[${n + 1}] ${e.dataset.chep}`);
    return [turn.querySelector(".hb-hoi").innerText, ...said, ...sources].join("\n\n");
  };

  const print = (turn) => {
    const all = turn.closest(".hb-khung");
    turn.classList.add("hb-in");
    all.classList.add("hb-dang-in");
    const after = () => {
      turn.classList.remove("hb-in");
      all.classList.remove("hb-dang-in");
    };
    addEventListener("afterprint", after, { once: true });
    window.print();
  };

  // In a window of its own: the list is Gradio's to redraw.
  const rename = (button) => {
    const before = button.closest("li").querySelector(".hb-cuoc").textContent;
    const dialog = document.createElement("dialog");
    dialog.className = "hb-hop";
    dialog.innerHTML = `<form method="dialog"><label>Tên mới của cuộc trò chuyện<input maxlength="80" required></label>
      <div><button class="hb-nut hb-chinh" value="luu">Lưu</button>
      <button class="hb-nut" value="thoi" formnovalidate>Thôi</button></div></form>`;
    const input = dialog.querySelector("input");
    input.value = before;
    dialog.addEventListener("close", () => {
      const title = input.value.trim();
      if (dialog.returnValue === "luu" && title && title !== before) send("ten", { id: button.dataset.id, ten: title });
      dialog.remove();
    });
    document.querySelector(".gradio-container").append(dialog);
    dialog.showModal();
    input.select();
  };

  const fold = (open) => {
    const list = document.querySelector(".hb-ke");
    list?.classList.toggle("hb-mo", open);
    list?.querySelector(".hb-mo-ke").setAttribute("aria-expanded", String(list.classList.contains("hb-mo")));
  };

  const ACTIONS = {
    hoi: (e) => { fill(e.dataset.hoi); document.querySelector("#o-hoi .submit-button")?.click(); },
    sua: (e) => fill(e.previousElementSibling.textContent),
    lai: (e) => send("lai", { luot: e.dataset.luot }),
    bai: (e) => send("bai", { luot: e.dataset.luot, so: e.dataset.so }),
    chep: (e) => hoibao.copy(e.dataset.chep),
    "chep-het": (e) => hoibao.copy(answerText(turnOf(e))),
    in: (e) => print(turnOf(e)),
    xuat: (e) => send("xuat", { luot: e.dataset.luot ?? "", id: e.dataset.id ?? "", dang: e.dataset.dang }),
    dung: (e) => send("gop_y", { luot: e.dataset.luot, dung: true, ly_do: [], them: "" }),
    sai: (e) => {
      const form = turnOf(e).querySelector(".hb-gop-y");
      form.hidden = !form.hidden;
      if (!form.hidden) form.querySelector("input").focus();
    },
    moi: () => { fold(false); send("moi", {}); box().focus(); },
    mo: (e) => { fold(false); send("mo", { id: e.dataset.id }); },
    "doi-ten": rename,
    xoa: (e) => send("xoa", { id: e.dataset.id }),
    "phuc-hoi": (e) => send("phuc_hoi", { id: e.dataset.id }),
    ke: () => fold(!document.querySelector(".hb-ke").classList.contains("hb-mo")),
    dong: (e) => e.closest("dialog").close(),
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#dan-"]');
    const card = link && document.getElementById(link.getAttribute("href").slice(1));
    if (card) {
      event.preventDefault();
      return choose(card);
    }
    if (event.target.matches?.("dialog.hb-cua-so")) return event.target.close(); // outside of it
    const button = event.target.closest?.("[data-lam]");
    for (const menu of document.querySelectorAll(".hb-chon-dang[open]"))
      if (button || !menu.contains(event.target)) menu.open = false;
    if (button) ACTIONS[button.dataset.lam]?.(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(".hb-chon-dang[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(".hb-gop-y");
    if (!form) return;
    event.preventDefault();
    const data = new FormData(form);
    send("gop_y", { luot: form.dataset.luot, dung: false, ly_do: data.getAll("ly-do"), them: data.get("them") });
  });

  // A new question goes to the top of the window: its answer is read from there.
  // Where the reader scrolls meanwhile, the page stays.
  let turn = "", said = "", opened = false, leave = true;
  for (const kind of ["wheel", "touchmove", "keydown"])
    addEventListener(kind, (event) => { leave ||= kind !== "keydown" || !event.target.closest?.("#o-hoi"); }, { passive: true });
  const follow = () => {
    const now = document.querySelector("#luot-nay .hb-luot");
    const told = now?.querySelector("[data-bao]")?.dataset.bao ?? "";
    if (now && now.dataset.luot !== turn) {
      turn = now.dataset.luot;
      now.querySelector(".hb-gop-y")?.reset(); // Gradio redraws in place: what was typed would stay
      leave = !opened && !document.querySelector("#cac-luot .hb-luot");
    }
    if (now && !leave && told !== said) now.scrollIntoView({ behavior: opened ? glide() : "auto", block: "start" });
    opened ||= !!now;
    for (const left of document.querySelectorAll(".hb-trai"))
      left.classList.toggle("hb-cao", left.offsetHeight > innerHeight - 140); // it could not be read to its end
    if (told && told !== said) hoibao.announce(told);
    said = told;
  };
  const watch = () => {
    const main = document.querySelector(".hb-giua");
    if (!main) return requestAnimationFrame(watch);
    new MutationObserver(follow).observe(main, { // Gradio redraws in place: texts and attributes change, too
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-bao", "data-luot"],
    });
    follow();
  };
  watch();
})();
