// Reads both catalogs of a web edition with r2-opds-js: opds.mjs FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Verdict, require } from "./serve.mjs";

const folder = process.argv[2];
const verdict = new Verdict();
const { initGlobalConverters_GENERIC: generic } = require("r2-shared-js/dist/es8-es2017/src/init-globals");
const { initGlobalConverters_OPDS: opds } = require("r2-opds-js/dist/es8-es2017/src/opds/init-globals");
const { OPDS } = require("r2-opds-js/dist/es8-es2017/src/opds/opds1/opds");
const { OPDSFeed } = require("r2-opds-js/dist/es8-es2017/src/opds/opds2/opds2");
const { convertOpds1ToOpds2 } = require("r2-opds-js/dist/es8-es2017/src/opds/converter");
const { XML } = require("r2-utils-js/dist/es8-es2017/src/_utils/xml-js-mapper");
const { TaJsonDeserialize } = require("@r2-lcp-js/serializable".replace("@r2-lcp-js", "r2-lcp-js/dist/es8-es2017/src"));
const { DOMParser } = require("@xmldom/xmldom");
opds();
generic();

const describe = (publication) => [
  publication.Metadata.Identifier,
  [publication.Metadata.Language].flat().join(),
  publication.Links.map((link) => `${link.Href} ${link.TypeLink}`).join(),
  (publication.Images ?? []).length > 0,
].join(" | ");

const names = readdirSync(folder);
const books = { one: [], two: [] };
for (const name of names.filter((one) => /^opds(-\d+)?\.xml$/.test(one)).sort()) {
  const document = new DOMParser().parseFromString(readFileSync(join(folder, name), "utf8"), "application/xml");
  const feed = convertOpds1ToOpds2(XML.deserialize(document, OPDS));
  books.one.push(...(feed.Publications ?? []).map(describe));
}
for (const name of names.filter((one) => /^opds(-\d+)?\.json$/.test(one)).sort()) {
  const feed = TaJsonDeserialize(JSON.parse(readFileSync(join(folder, name), "utf8")), OPDSFeed);
  books.two.push(...(feed.Publications ?? []).map(describe));
}
verdict.facts = books;
verdict.expect(books.one.length > 0, "OPDS 1.2: no publications");
verdict.expect(books.one.length === books.two.length, "the catalogs differ in their number of publications");
verdict.expect(books.one.every((one) => /epub\+zip/.test(one)), "OPDS 1.2: a publication without a book");
verdict.expect(books.two.every((two) => /epub\+zip/.test(two)), "OPDS 2.0: a publication without a book");
verdict.end();
