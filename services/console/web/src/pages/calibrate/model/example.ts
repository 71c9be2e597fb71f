// Test support: the repository's example site, read from its file by the few shapes it has.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CalibrationPoint, Camera, SiteFile } from "./site";

const root = new URL("../../../../../../../", import.meta.url);

export function repositoryFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, root)), "utf8");
}

/** A reader of the TOML that the example uses: tables, lists of tables, and values that JSON nearly knows. */
export function readToml(text: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  let table: Record<string, unknown> = out;
  let pending = "";
  for (const line of text.split("\n")) {
    const plain = line.replace(/(^|\s)#.*$/, "").trim();
    if (!plain) continue;
    pending = pending ? `${pending} ${plain}` : plain;
    const open = [...pending].filter((c) => "[{".includes(c)).length;
    const closed = [...pending].filter((c) => "]}".includes(c)).length;
    if (open !== closed) continue;
    const header = /^(\[\[?)([\w.]+)\]\]?$/.exec(pending);
    if (header) table = enter(out, (header[2] ?? "").split("."), header[1] === "[[");
    else {
      const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(pending) ?? [];
      if (key && value) table[key] = toJson(value);
    }
    pending = "";
  }
  return out;
}

function enter(
  root: Record<string, unknown>,
  path: string[],
  listed: boolean,
): Record<string, unknown> {
  let at = root;
  path.forEach((key, index) => {
    const last = index === path.length - 1;
    if (last && listed) {
      at[key] = [...((at[key] as unknown[]) ?? []), {}];
    } else at[key] ??= {};
    const value = at[key];
    at = (Array.isArray(value) ? value[value.length - 1] : value) as Record<string, unknown>;
  });
  return at;
}

function toJson(value: string): unknown {
  const json = value.replace(/(\w+)\s*=/g, '"$1":').replace(/,(\s*[\]}])/g, "$1");
  return JSON.parse(json);
}

export function exampleSite(): SiteFile {
  return readToml(repositoryFile("examples/junction/site.toml")) as unknown as SiteFile;
}

export function exampleCamera(): Camera {
  const camera = exampleSite().camera?.[0];
  if (!camera) throw new Error("the example has a camera");
  return camera;
}

export function examplePoints(): CalibrationPoint[] {
  return exampleCamera().calibration.points;
}
