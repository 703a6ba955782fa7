// The search over both languages. The index says which articles may have the words; the pages
// themselves say where. Words are cut as src/publish/web/search.rs cuts them.
"use strict";
(() => {
  const form = document.getElementById("page-search");
  const input = form.querySelector("input");
  const status = document.getElementById("page-status");
  const list = document.getElementById("page-hits");
  const more = document.getElementById("page-more");
  const PER_STEP = 10;
  const PER_ARTICLE = 3;
  const STEM = 5;

  const load = async (name) => {
    const answer = await fetch(name);
    if (!answer.ok) throw new Error(name);
    return answer.json();
  };
  const memory = new Map();
  const once = (name) => {
    if (!memory.has(name)) memory.set(name, load(name));
    return memory.get(name);
  };

  const isWide = (c) => {
    const p = c.codePointAt(0);
    return (p >= 0x3040 && p <= 0x30ff) || (p >= 0x3400 && p <= 0x4dbf) || (p >= 0x4e00 && p <= 0x9fff)
      || (p >= 0xf900 && p <= 0xfaff) || (p >= 0x20000 && p <= 0x3ffff);
  };
  const isWord = (c) => /[\p{Alphabetic}\p{N}]/u.test(c);
  const terms = (text) => {
    const found = new Set();
    let wide = [];
    let word = [];
    const flush = () => {
      if (wide.length === 1) found.add(wide[0]);
      for (let at = 0; at + 1 < wide.length; at += 1) found.add(wide[at] + wide[at + 1]);
      if (word.length > 0) found.add(word.slice(0, STEM).join(""));
      wide = [];
      word = [];
    };
    for (const c of text.toLowerCase()) {
      if (isWide(c)) { if (word.length > 0) flush(); wide.push(c); }
      else if (isWord(c)) { if (wide.length > 0) flush(); word.push(c); }
      else flush();
    }
    flush();
    return [...found];
  };
  const shardOf = (term, shards) => {
    let hash = 0x811c9dc5;
    for (const c of term) hash = Math.imul(hash ^ c.codePointAt(0), 0x01000193) >>> 0;
    return hash % shards;
  };

  const candidates = async (query) => {
    const index = await once("search/index.json");
    let left = null;
    for (const term of terms(query)) {
      const shard = await once(`search/${shardOf(term, index.shards)}.json`);
      let at = 0;
      const numbers = new Set((Object.hasOwn(shard, term) ? shard[term] : []).map((step) => (at += step)));
      left = left === null ? [...numbers] : left.filter((number) => numbers.has(number));
      if (left.length === 0) break;
    }
    return left ?? [];
  };
  // The first articles are named in the index itself.
  const article = async (number) => {
    const { articles, named } = await once("search/index.json");
    const file = Math.floor(number / named);
    return (file === 0 ? articles : await once(`search/articles-${file}.json`))[number % named];
  };

  // The sentences of a page that have the words, those with the most words first.
  const hitsIn = async (href, words) => {
    const answer = await fetch(href);
    if (!answer.ok) return [];
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [];
    const seen = new Set();
    for (const sentence of page.querySelectorAll("article [data-s]")) {
      const text = sentence.textContent;
      const lower = text.toLowerCase();
      const matched = words.filter((word) => lower.includes(word));
      matched.forEach((word) => seen.add(word));
      if (matched.length > 0) {
        const lang = sentence.closest("[lang]").lang;
        found.push({ id: sentence.dataset.s.split(" ")[0], text, lang, weight: matched.length });
      }
    }
    if (seen.size < words.length) return [];
    return found.sort((a, b) => b.weight - a.weight).slice(0, PER_ARTICLE);
  };
  const marked = (text, words) => {
    const parts = [];
    const lower = text.toLowerCase();
    let at = 0;
    while (at < text.length) {
      const next = words.map((word) => [lower.indexOf(word, at), word.length])
        .filter(([start]) => start >= 0).sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
      if (!next) break;
      parts.push(text.slice(at, next[0]));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(next[0], next[0] + next[1]);
      parts.push(mark);
      at = next[0] + next[1];
    }
    parts.push(text.slice(at));
    return parts;
  };
  const item = ([href, ...titles], hits, words) => {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = href;
    // Language and title, in turn.
    for (let at = 0; at < titles.length; at += 2) {
      const title = document.createElement("span");
      title.lang = titles[at];
      title.textContent = titles[at + 1];
      link.append(at > 0 ? " · " : "", title);
    }
    entry.append(link);
    for (const hit of hits) {
      const line = document.createElement("p");
      const place = document.createElement("a");
      place.href = `${href}#${encodeURIComponent(hit.id)}`;
      place.lang = hit.lang;
      place.append(...marked(hit.text, words));
      line.append(place);
      entry.append(line);
    }
    return entry;
  };

  let run = 0;
  const search = async (query) => {
    const mine = (run += 1);
    const words = query.toLowerCase().split(/\s+/u).filter((word) => word !== "");
    list.replaceChildren();
    more.hidden = true;
    status.textContent = words.length > 0 ? form.dataset.searching : "";
    if (words.length === 0) return;
    try {
      const found = await candidates(query);
      let next = 0;
      const step = async () => {
        more.hidden = true;
        let shown = 0;
        while (next < found.length && shown < PER_STEP) {
          const names = await article(found[next]);
          next += 1;
          const hits = await hitsIn(names[0], words);
          if (mine !== run) return;
          if (hits.length > 0) { list.append(item(names, hits, words)); shown += 1; }
        }
        status.textContent = list.children.length > 0 ? "" : form.dataset.nothing;
        more.hidden = next >= found.length;
      };
      more.onclick = step;
      await step();
    } catch {
      if (mine === run) status.textContent = form.dataset.failed;
    }
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`);
    search(input.value);
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { input.value = asked; search(asked); }
})();
