// Opens a book in foliate-js and epub.js at three widths: readers.mjs BOOK.epub PAIRS [SHOTS]
// PAIRS is `pairs` where the book sets two languages side by side, `single` where it does not.
// Looked at: text overflows nothing, pairs are side by side where there is room and stacked where
// there is none, and a short pair is on one page.
import { dirname, join } from "node:path";
import { Verdict, launch, serve } from "./serve.mjs";

const [book, pairs, shots] = process.argv.slice(2);
const verdict = new Verdict();
const folder = (name) => join(process.env.DUIZHAO_PEERS, "node_modules", name);
const { url, close } = await serve({
  "/book/": dirname(book), "/foliate/": folder("foliate-js"), "/epubjs/": folder("epubjs"),
  "/jszip/": folder("jszip"), "/": import.meta.dirname,
});
const name = encodeURIComponent(book.split("/").at(-1));
const browser = await launch();
const WIDTHS = [[1200, 900], [600, 900], [390, 844]];

/** What a chapter's document says of its pairs. */
function measure() {
  const root = document.documentElement;
  const text = [...document.querySelectorAll("p, h1, h2, h3, li, span, aside")].filter((one) => one.getClientRects().length > 0);
  const column = parseFloat(getComputedStyle(root).columnWidth) || root.clientWidth;
  const step = column + (parseFloat(getComputedStyle(root).columnGap) || 0);
  const overflow = text.filter((one) => [...one.getClientRects()].some((box) => box.width > column + 1)).length;
  const all = [...document.querySelectorAll(".pair")].filter((pair) => pair.children.length === 2);
  const beside = all.filter((pair) => {
    const [one, two] = [...pair.children].map((child) => child.getClientRects()[0]);
    return Math.abs(one.top - two.top) < 8 && two.left > one.left && two.left - one.left < step - 1;
  }).length;
  const torn = all.filter((pair) => pair.classList.contains("short") && pair.getClientRects().length > 1).length;
  const size = parseFloat(getComputedStyle(document.querySelector("p") ?? document.body).fontSize);
  return { pairs: all.length, beside, torn, overflow, size };
}

const readers = {
  async foliate(page) {
    await page.goto(`${url}/foliate/reader.html?url=/book/${name}`, { waitUntil: "networkidle0" });
    await page.waitForFunction("document.querySelector('foliate-view')?.renderer");
    const chapter = await page.evaluate(() => {
      const view = document.querySelector("foliate-view");
      return view.book.sections.findIndex((section) => /article-0001/.test(section.id));
    });
    await page.evaluate((index) => document.querySelector("foliate-view").goTo(index), chapter);
    await page.waitForFunction(() => {
      const [content] = document.querySelector("foliate-view").renderer.getContents();
      return content?.doc.querySelector(".article");
    });
    await new Promise((done) => setTimeout(done, 500));
    return page.evaluate((source) => {
      const [{ doc }] = document.querySelector("foliate-view").renderer.getContents();
      return doc.defaultView.eval(`(${source})()`);
    }, measure.toString());
  },
  async epubjs(page) {
    await page.goto(`${url}/epubjs.html?/book/${name}`, { waitUntil: "networkidle0" });
    await page.waitForFunction("window.shown === true");
    const frame = page.frames().find((one) => one !== page.mainFrame());
    return frame.evaluate(`(${measure.toString()})()`);
  },
};

for (const [reader, open] of Object.entries(readers)) {
  for (const [width, height] of WIDTHS) {
    const page = await browser.newPage();
    await page.setBypassCSP(true);
    await page.setViewport({ width, height });
    const label = `${reader} at ${width} px`;
    try {
      const seen = await open(page);
      verdict.facts[label] = seen;
      verdict.expect(seen.overflow === 0, `${label}: ${seen.overflow} elements overflow their column`);
      verdict.expect(seen.size >= 14, `${label}: text of ${seen.size} px`);
      if (pairs === "pairs") {
        verdict.expect(seen.pairs > 0, `${label}: no pairs`);
        verdict.expect(seen.torn === 0, `${label}: ${seen.torn} short pairs are torn`);
        verdict.expect(seen.beside === 0 || seen.beside === seen.pairs, `${label}: ${seen.beside} of ${seen.pairs} pairs are side by side`);
        if (width < 1200) verdict.expect(seen.beside === 0, `${label}: ${seen.beside} pairs are not stacked`);
        if (width === 1200 && reader === "epubjs") verdict.expect(seen.beside > 0, `${label}: pairs are stacked`);
      }
      if (shots) await page.screenshot({ path: join(shots, `${book.split("/").at(-1)}-${reader}-${width}.png`) });
    } catch (error) {
      verdict.failures.push(`${label}: ${error}`);
    }
    await page.close();
  }
}
await browser.close();
close();
verdict.end();
