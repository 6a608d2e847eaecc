// Builds the files that are committed under platform/huiyin/web/static/vendor. `npm install && npm run build`.
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const out = new URL("../platform/huiyin/web/static/vendor/", import.meta.url).pathname;
mkdirSync(out, { recursive: true });

const strip = (text) => text.replace(/\/[/*][#@] ?sourceMappingURL=[^\n*]*(\*\/)?\n?/g, "");
const copy = (from, to) => writeFileSync(out + to, strip(readFileSync(new URL(`node_modules/${from}`, import.meta.url), "utf8")));

copy("@tabler/core/dist/css/tabler.min.css", "tabler.css");
copy("htmx.org/dist/htmx.min.js", "htmx.js");
copy("bpmn-js/dist/assets/diagram-js.css", "diagram.css");

await build({
  entryPoints: [new URL("src/diagram.js", import.meta.url).pathname],
  outfile: out + "diagram.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2019",
  legalComments: "inline",
});
