// A static server on loopback and a Chromium that looks at it, for the scripts beside this one.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { createRequire } from "node:module";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
  ".jpg": "image/jpeg", ".epub": "application/epub+zip", ".xml": "application/xml", ".atom": "application/atom+xml",
};

/** Packages are looked up where DUIZHAO_PEERS says that they are installed. */
export const require = createRequire(join(process.env.DUIZHAO_PEERS ?? process.cwd(), "package.json"));

/** Serves folders by the beginning of the path: { "/": folder, "/peer/": other }. */
export async function serve(folders) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://h").pathname));
    const prefix = Object.keys(folders).filter((p) => path.startsWith(p)).sort((a, b) => b.length - a.length)[0];
    try {
      const bytes = await readFile(join(folders[prefix], path.slice(prefix.length)));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export function launch() {
  return require("puppeteer-core").launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** Collects what fails; ends the program with status 1 where something did. */
export class Verdict {
  failures = [];
  facts = {};
  expect(holds, message) { if (!holds) this.failures.push(message); }
  end() {
    console.log(JSON.stringify({ ...this.facts, failures: this.failures }, null, 1));
    process.exitCode = this.failures.length > 0 ? 1 : 0;
  }
}
