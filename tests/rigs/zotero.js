// Reads pages with Zotero's own translators, which the npm package zotero-translators has bundled.
//   node zotero.js BUNDLE NODE_MODULES TRANSLATOR URL...
// TRANSLATOR is an id, or "" for the one that Zotero chooses. Writes a line of JSON for each address: the items that were read.
"use strict";
const fs = require("fs");
const Module = require("module");

const [file, modules, wanted, ...urls] = process.argv.slice(2);
const PLACE = "async function search(query) {"; // of its own functions, none of which reads a page
const bundle = new Module(file);
bundle.filename = file;
bundle.paths = [modules];
const source = fs.readFileSync(file, "utf8");
if (!source.includes(PLACE)) throw new Error(`${file} is another release`);
bundle._compile(source.replace(PLACE, `global.given = { Zotero, Translate };\n${PLACE}`), file);
const { Zotero, Translate } = global.given;

async function read(page) {
  const translate = new Translate.Web();
  translate.setDocument(page);
  const fitting = await translate.getTranslators();
  translate.setTranslator(wanted ? Zotero.Translators.get(wanted) : fitting[0]);
  const items = await translate.translate({ libraryID: false });
  process.stdout.write(JSON.stringify(items) + "\n");
}

Zotero.HTTP.processDocuments(urls, read).catch((error) => {
  console.error(error);
  process.exit(1);
});
