// Says how large the app is, compressed with brotli, and fails above the limit. The map is apart: it
// is loaded after the page is drawn, and only where a junction tells its position.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const LIMIT_KB = 400;
const folder = process.argv[2] ?? "dist";
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(js|mjs|css|html)$/.test(entry.name))
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const packed = existsSync(`${path}.br`) ? `${path}.br` : path;
    return { name: entry.name, bytes: statSync(packed).size };
  })
  .sort((a, b) => b.bytes - a.bytes);
const map = files.filter(({ name }) => name.startsWith("maplibre"));
const app = files.filter(({ name }) => !name.startsWith("maplibre"));
const kb = (list) => list.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
for (const { name, bytes } of files) {
  console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${name}`);
}
console.log(
  `app without the map: ${kb(app).toFixed(1)} kB of ${LIMIT_KB} kB; map: ${kb(map).toFixed(1)} kB (brotli)`,
);
if (kb(app) > LIMIT_KB) {
  console.error(`error: the app is larger than ${LIMIT_KB} kB`);
  process.exit(1);
}
