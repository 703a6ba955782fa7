// Looks at a web edition in Chromium: web.mjs FOLDER [SHOTS]
// axe-core, light and dark, phone and desktop, with and without a script, keyboard, links,
// Content-Security-Policy, bytes transferred, and the Nu checker for HTML, CSS and SVG.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Verdict, launch, require, serve } from "./serve.mjs";

const [folder, shots] = process.argv.slice(2);
const verdict = new Verdict();
const { url, close } = await serve({ "/": folder });
const browser = await launch();
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
const article = pages.find((name) => !name.startsWith("index"));
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function open(name, viewport, { dark = false, script = true } = {}) {
  const page = await browser.newPage();
  const words = [];
  page.on("console", (message) => { if (["error", "warn"].includes(message.type())) words.push(message.text()); });
  page.on("pageerror", (error) => words.push(String(error)));
  await page.setViewport(viewport);
  await page.setJavaScriptEnabled(script);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  const answer = await page.goto(`${url}/${name}`, { waitUntil: "networkidle0" });
  verdict.expect(answer.ok(), `${name}: ${answer.status()}`);
  return { page, words };
}
const shoot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`) }); };
const wide = (page) => page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

// Every page in every dress.
for (const name of pages) {
  for (const [dress, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
    for (const dark of [false, true]) {
      const { page, words } = await open(name, viewport, { dark });
      const label = `${name.replace(".html", "")}-${dress}-${dark ? "dark" : "light"}`;
      await page.evaluate((source) => { (0, eval)(source); }, axe).catch(() => {});
      if (!(await page.evaluate("typeof axe === 'object'"))) verdict.failures.push(`${label}: axe did not load`);
      const { violations } = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
      for (const { id, nodes } of violations) verdict.failures.push(`${label}: axe ${id}: ${nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
      verdict.expect((await wide(page)) <= 0, `${label}: wider than the window`);
      verdict.expect(words.length === 0, `${label}: ${words.join("; ")}`);
      await shoot(page, label);
      await page.close();
    }
  }
}

// What is transferred, and when something is seen.
{
  const page = await browser.newPage();
  await page.setViewport(DESKTOP);
  const client = await page.createCDPSession();
  await client.send("Network.enable");
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(`${url}/${article}`, { waitUntil: "networkidle0" });
  const measures = await page.evaluate(async () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const largest = await new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1)?.startTime)).observe({ type: "largest-contentful-paint", buffered: true }));
    let shift = 0;
    await new Promise((done) => { new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; }).observe({ type: "layout-shift", buffered: true }); setTimeout(done, 100); });
    return { firstContentfulPaint: paint?.startTime, largestContentfulPaint: largest, layoutShift: shift };
  });
  verdict.facts.article = { bytes, ...measures };
  verdict.expect(bytes < 60_000, `${article}: ${bytes} bytes transferred, 60000 allowed`);
  verdict.expect(measures.layoutShift < 0.1, `${article}: layout shift ${measures.layoutShift}`);
  await page.close();
}

// Without a script: plain parallel text, and no switch that does nothing.
{
  const { page } = await open(article, DESKTOP, { script: false });
  const seen = await page.$eval("body", (body) => body.innerText);
  verdict.expect(/\p{Script=Han}/u.test(seen) && /[A-Za-z]{4}/.test(seen), "without a script a language is missing");
  verdict.expect(await page.$eval("#page-switch", (form) => form.getClientRects().length === 0), "without a script the switch is shown");
  await shoot(page, "no-script");
  await page.close();
  const { page: index } = await open("index.html", DESKTOP, { script: false });
  verdict.expect(await index.$eval("#page-search", (form) => form.getClientRects().length === 0), "without a script the search is shown");
  await index.close();
}

// A sentence's partner: pointer, tap, keyboard, address; the switch is remembered.
{
  const { page } = await open(article, DESKTOP);
  const lit = () => page.$$eval(".lit", (all) => all.map((one) => one.closest("[lang]").lang));
  const sentence = "p.cp-original [data-s]";
  await page.hover(sentence);
  verdict.expect(new Set(await lit()).size === 2, `hover lights ${await lit()}`);
  await page.click(sentence);
  const id = await page.$eval(sentence, (one) => one.id);
  verdict.expect(page.url().endsWith(`#${id}`), `a click gives the address ${page.url()}`);
  await page.keyboard.press("Escape");
  verdict.expect((await lit()).length === 0, "Escape clears nothing");
  await shoot(page, "sentence");

  await page.focus("body");
  await page.keyboard.press("j");
  verdict.expect(new Set(await lit()).size === 2, "the key j lights no pair");
  const first = await page.evaluate("document.activeElement.dataset.s");
  await page.keyboard.press("ArrowDown");
  const second = await page.evaluate("document.activeElement.dataset.s");
  verdict.expect(first && second && first !== second, `the arrow goes from ${first} to ${second}`);
  await page.keyboard.press("ArrowRight");
  verdict.expect((await page.evaluate("document.activeElement.closest('[lang]').lang")) === "en", "the arrow does not cross to the other language");

  await page.click("#page-switch [value=target]");
  const shown = await page.$$eval("p.cp-original, p.cp-translation", (all) => [...new Set(all.filter((one) => one.getClientRects().length > 0).map((one) => one.className))]);
  verdict.expect(shown.join() === "cp-translation", `the view of one language shows ${shown}`);
  await page.click("p.cp-translation [data-s]");
  verdict.expect(/\p{Script=Han}/u.test(await page.$eval("#page-sheet", (sheet) => (sheet.hidden ? "" : sheet.innerText))), "the hidden partner is not said");
  await shoot(page, "one-language");
  const { violations } = await page.evaluate((source) => { (0, eval)(source); return axe.run(); }, axe);
  for (const { id: rule } of violations) verdict.failures.push(`one language: axe ${rule}`);
  await page.reload({ waitUntil: "networkidle0" });
  verdict.expect((await page.evaluate("document.documentElement.dataset.view")) === "target", "the switch is not remembered");
  await page.click("#page-switch [value=columns]");
  await page.close();

  const { page: deep, words } = await open(`${article}#${second}`, PHONE);
  verdict.expect((await deep.$$(".lit")).length === 2, `the address #${second} lights no pair`);
  verdict.expect(await deep.$eval(`[id="${second}"]`, (one) => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight; }), `#${second} is not in view`);
  verdict.expect(words.length === 0, words.join("; "));
  await deep.tap("p.cp-translation [data-s]");
  verdict.expect((await deep.$$(".lit")).length >= 2, "a tap lights no pair");
  await shoot(deep, "phone-sentence");
  await deep.close();
}

// Side by side where there is room, stacked where not; print.
{
  const columns = (page) => page.$eval(".pair.paragraph", (pair) => {
    const [one, two] = [...pair.children].map((child) => child.getBoundingClientRect());
    return two.left >= one.right;
  });
  const { page } = await open(article, DESKTOP);
  verdict.expect(await columns(page), "not side by side on a desktop");
  await page.emulateMediaType("print");
  await shoot(page, "print");
  verdict.expect(await page.$eval(".bar", (bar) => bar.getClientRects().length === 0), "the bar is printed");
  await page.close();
  const { page: phone } = await open(article, PHONE);
  verdict.expect(!(await columns(phone)), "not stacked on a phone");
  await phone.close();
}

// The search, in both languages.
for (const [query, minimum] of [["解放思想", 1], ["county", 1], ["zzzzqqq", 0]]) {
  const { page, words } = await open(`index.html?q=${encodeURIComponent(query)}`, DESKTOP);
  await page.waitForFunction("!/…/.test(document.querySelector('#page-status').textContent) || document.querySelector('#page-hits li')");
  const hits = await page.$$eval("#page-hits li p a", (all) => all.map((one) => one.getAttribute("href")));
  verdict.expect(minimum === 0 ? hits.length === 0 : hits.length >= minimum, `the search for ${query} finds ${hits.length}`);
  verdict.expect(words.length === 0, words.join("; "));
  if (query === "county") {
    await page.evaluate((source) => { (0, eval)(source); }, axe);
    const { violations } = await page.evaluate("axe.run()");
    for (const { id } of violations) verdict.failures.push(`search: axe ${id}`);
    await shoot(page, "search");
  }
  for (const href of hits.slice(0, 3)) {
    const [file, id] = href.split("#");
    const text = readFileSync(join(folder, decodeURIComponent(file)), "utf8");
    verdict.expect(text.includes(`id="${decodeURIComponent(id)}"`), `${href} leads nowhere`);
  }
  await page.close();
}
await browser.close();

// Links inside the site.
for (const name of pages) {
  const text = readFileSync(join(folder, name), "utf8");
  for (const [, href] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
    if (/^(https?:|mailto:|#)/.test(href)) continue;
    const answer = await fetch(`${url}/${href.replaceAll("&amp;", "&")}`);
    verdict.expect(answer.ok, `${name}: ${href} is not there`);
  }
}

// The Nu checker.
const jar = join(dirname(require.resolve("vnu-jar/package.json")), "build/dist/vnu.jar");
const names = [...pages, "style.css", "icon.svg"].map((name) => join(folder, name));
// It reads no page of a loopback server, and on a disk no file is of the same origin as another,
// so that each would break the policy; Chromium has shown above that none does.
const filter = ["--filterpattern", ".*Resource violates Content Security Policy.*"];
try {
  const { stderr } = await promisify(execFile)("java", ["-jar", jar, "--also-check-css", "--also-check-svg", ...filter, ...names]);
  verdict.expect(stderr.trim() === "", stderr);
} catch (error) {
  verdict.failures.push(String(error.stderr ?? error));
}
close();
verdict.end();
