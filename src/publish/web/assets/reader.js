// A page of the web edition: the switch of views, and each sentence's partner.
// The page is whole without this file.
"use strict";
(() => {
  const root = document.documentElement;
  const article = document.querySelector("article");
  const sheet = document.getElementById("page-sheet");
  const said = sheet.querySelector("p");
  const views = ["columns", "stacked", "source", "target"];
  const stored = {
    get() { try { return localStorage.getItem("duizhao.view"); } catch { return null; } },
    set(view) { try { localStorage.setItem("duizhao.view", view); } catch { /* private mode */ } },
  };

  // Sentences by id: those that a span says, in either language.
  const sentences = [...article.querySelectorAll("[data-s]")];
  const bySegment = new Map();
  for (const sentence of sentences) {
    for (const id of sentence.dataset.s.split(" ")) {
      if (!bySegment.has(id)) bySegment.set(id, []);
      bySegment.get(id).push(sentence);
    }
  }
  const isSource = (sentence) => sentence.id !== "";
  const isShown = (sentence) => sentence.getClientRects().length > 0;
  const partners = (sentence) => [...new Set(sentence.dataset.s.split(" ").flatMap((id) => bySegment.get(id)))]
    .filter((other) => isSource(other) !== isSource(sentence));

  let current = null;
  let pinned = false;
  const clear = () => {
    for (const lit of article.querySelectorAll(".lit")) lit.classList.remove("lit");
    sheet.hidden = true;
    current = null;
    pinned = false;
  };
  // Lights the sentence and its partners; says the partner at the foot where it can't be seen.
  const show = (sentence, pin) => {
    clear();
    current = sentence;
    pinned = pin;
    const others = partners(sentence);
    for (const lit of [sentence, ...others]) lit.classList.add("lit");
    const inView = (other) => [...other.getClientRects()].some((box) => box.bottom > 0 && box.top < innerHeight);
    if (pin && others.length > 0 && !others.every((other) => isShown(other) && inView(other))) {
      said.lang = others[0].closest("[lang]").lang;
      said.textContent = others.map((other) => other.textContent).join(" ");
      sheet.hidden = false;
    }
  };
  // One sentence of the text can be reached with Tab; the arrows go on from there.
  const rove = (sentence) => {
    for (const other of sentences) other.removeAttribute("tabindex");
    sentence.tabIndex = 0;
  };
  const go = (step) => {
    const shown = sentences.filter((other) => isShown(other) && (!current || isSource(other) === isSource(current)));
    const list = shown.length > 0 ? shown : sentences.filter(isShown);
    const at = list.indexOf(current) + step;
    const next = list[Math.max(0, Math.min(at, list.length - 1))];
    if (!next) return;
    rove(next);
    next.focus();
  };

  article.addEventListener("pointerover", (event) => {
    const sentence = event.target.closest("[data-s]");
    if (event.pointerType === "mouse" && sentence && !pinned) show(sentence, false);
  });
  article.addEventListener("pointerleave", () => { if (!pinned) clear(); });
  article.addEventListener("focusin", (event) => {
    const sentence = event.target.closest("[data-s]");
    if (sentence) show(sentence, true);
  });
  article.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const sentence = event.target.closest("[data-s]");
    if (!sentence || String(getSelection())) return;
    if (sentence === current && pinned && !sheet.hidden) return clear();
    show(sentence, true);
    rove(sentence);
    if (isSource(sentence)) history.replaceState(null, "", "#" + sentence.id);
  });
  sheet.querySelector("button").addEventListener("click", () => {
    const last = current;
    clear();
    if (last) { rove(last); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, button, select, textarea")) return;
    const inText = event.target.closest("[data-s]");
    if (event.key === "Escape") clear();
    else if (event.key === "j" || (inText && event.key === "ArrowDown")) { event.preventDefault(); go(1); }
    else if (event.key === "k" || (inText && event.key === "ArrowUp")) { event.preventDefault(); go(-1); }
    else if (inText && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const other = partners(inText).find(isShown);
      if (other) { event.preventDefault(); rove(other); other.focus(); }
    }
  });

  // The switch, remembered.
  const form = document.getElementById("page-switch");
  const choose = (view) => {
    root.dataset.view = view;
    for (const radio of form.elements) if (radio.type === "radio") radio.checked = radio.value === view;
    clear();
  };
  form.hidden = false;
  choose(views.includes(stored.get()) ? stored.get() : "columns");
  form.addEventListener("change", (event) => {
    choose(event.target.value);
    stored.set(event.target.value);
  });

  // A link to a sentence: light it with its partner.
  const follow = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const sentence = bySegment.get(id)?.find(isShown);
    if (!sentence) return;
    rove(sentence);
    show(sentence, true);
    sentence.scrollIntoView({ block: "center" });
  };
  article.classList.add("active");
  const first = sentences.find(isShown);
  if (first) rove(first);
  addEventListener("hashchange", follow);
  if (location.hash) follow();
})();
