// Runs Biome, which lints and formats. Its program comes from the package of the platform alone: the
// package `@biomejs/biome` names one for every platform there is, and not every mirror carries them all.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const name = `@biomejs/cli-${process.platform}-${process.arch}`;
let program;
try {
  program = createRequire(import.meta.url).resolve(`${name}/biome`);
} catch {
  console.error(`error: ${name} is not installed`);
  console.error(`  install it beside the others: npm install --no-save ${name}`);
  process.exit(1);
}
process.exit(spawnSync(program, process.argv.slice(2), { stdio: "inherit" }).status ?? 1);
