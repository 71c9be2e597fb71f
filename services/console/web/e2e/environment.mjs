// What the test that starts a script tells it.
import { existsSync, mkdirSync } from "node:fs";

/** A variable that has to be there. */
export function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this script is started by a test of wayside`);
  return value;
}

/** Debian's Chromium, unless another one is named. */
export function chromium() {
  const path = process.env.WAYSIDE_CHROMIUM ?? "/usr/bin/chromium";
  if (existsSync(path)) return path;
  throw new Error(`there is no Chromium at ${path}; scripts/setup.sh browser installs it`);
}

/** Where pictures of a failure go, and what else a test may want to read. */
export function folder() {
  const path = told("WAYSIDE_E2E_OUT");
  mkdirSync(path, { recursive: true });
  return path;
}

/** Where pictures of every page go; none are taken where nobody asks for them. */
export function shots() {
  const path = process.env.WAYSIDE_E2E_SHOTS;
  if (path) mkdirSync(path, { recursive: true });
  return path;
}
