import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { formatFor } from "./format";
import { translator } from "./index";

const here = import.meta.dirname;
const source = join(here, "..");

function texts(language: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const file of readdirSync(join(here, language))) {
    const page = file.replace(".json", "");
    const read = JSON.parse(readFileSync(join(here, language, file), "utf8"));
    for (const [key, text] of Object.entries(read as Record<string, string>)) {
      expect(key.startsWith(`${page}.`), `${language}/${file}: ${key}`).toBe(true);
      expect(all.has(key), `${key} stands twice`).toBe(false);
      all.set(key, text);
    }
  }
  return all;
}

/** Names of what is filled in, `{count, plural, ...}` and `{name}` alike. */
function filled(text: string): string[] {
  return [
    ...new Set([...text.matchAll(/\{\s*([a-z_]+)\s*[,}]/gi)].map((match) => match[1] ?? "")),
  ].sort();
}

function files(ending: RegExp): { path: string; text: string }[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => ending.test(path) && !/\.test\.|generated/.test(path))
    .map((path) => ({ path, text: readFileSync(join(source, path), "utf8") }));
}

describe("texts", () => {
  const [en, de] = [texts("en"), texts("de")];

  it("are there in both languages", () => {
    expect([...de.keys()].filter((key) => !en.has(key))).toEqual([]);
    expect([...en.keys()].filter((key) => !de.has(key))).toEqual([]);
  });

  it("fill the same in, and can be read", () => {
    for (const [key, text] of en) {
      const other = de.get(key) ?? "";
      expect(filled(other), key).toEqual(filled(text));
      const values = Object.fromEntries(filled(text).map((name) => [name, 2]));
      expect(translator("en", { [key]: text }).maybe(key, values), key).toBeTruthy();
      expect(translator("de", { [key]: other }).maybe(key, values), key).toBeTruthy();
    }
  });

  it("are all used", () => {
    const code = files(/\.tsx?$/)
      .map(({ text }) => text)
      .join("\n");
    // `words.rule.${rule}` uses every key that begins so.
    const prefixes = [...code.matchAll(/`([a-z_]+\.[a-z0-9_.-]*)\$\{/g)].map(
      (match) => match[1] ?? "",
    );
    const unused = [...en.keys()].filter(
      (key) =>
        !code.includes(`"${key}"`) &&
        !code.includes(`\`${key}\``) &&
        !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});

describe("pages", () => {
  const SHOWN = new Set(["aria-label", "title", "alt", "placeholder", "label", "description"]);
  const LETTERS = /\p{L}{2,}/u;

  it("have no text of their own", () => {
    const bare: string[] = [];
    for (const { path, text } of files(/\.tsx$/)) {
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
      const visit = (node: ts.Node): void => {
        const line = () => file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        if (ts.isJsxText(node) && LETTERS.test(node.text)) {
          bare.push(`${path}:${line()}: ${node.text.trim()}`);
        }
        if (
          ts.isJsxAttribute(node) &&
          SHOWN.has(node.name.getText()) &&
          node.initializer &&
          ts.isStringLiteral(node.initializer) &&
          LETTERS.test(node.initializer.text)
        ) {
          bare.push(`${path}:${line()}: ${node.getText()}`);
        }
        ts.forEachChild(node, visit);
      };
      visit(file);
    }
    expect(bare).toEqual([]);
  });
});

describe("translator", () => {
  const t = translator("de", {
    "x.cases": "{count, plural, one {# Fall} other {# Fälle}} in {place}",
    "x.plain": "So",
  });

  it("counts and fills in", () => {
    expect(t.maybe("x.cases", { count: 1, place: "Wien" })).toBe("1 Fall in Wien");
    expect(t.maybe("x.cases", { count: 1200, place: "<b>" })).toBe("1.200 Fälle in <b>");
  });

  it("has nothing for a key that is not there", () => {
    expect(t.maybe("x.none")).toBeUndefined();
    expect(t("x.plain" as never)).toBe("So");
  });
});

describe("formats", () => {
  const [en, de] = [formatFor("en"), formatFor("de")];

  it("writes numbers as the language does", () => {
    expect(en.number(1234.567, 1)).toBe("1,234.6");
    expect(de.number(1234.567, 1)).toMatch(/^1.234,6$/);
    expect(en.percent(0.125, 1)).toBe("12.5\u00a0%");
  });

  it("writes times in the site's zone, over the change to summer time", () => {
    expect(en.time("2026-06-01T07:00:00.250000Z", "Europe/Vienna")).toBe("09:00:00");
    expect(en.time("2026-01-01T07:00:00Z", "Europe/Vienna")).toBe("08:00:00");
    expect(en.minute("2026-06-01T22:30:00Z", "Europe/Vienna")).toBe("00:30");
    expect(en.zone("2026-06-01T07:00:00Z")).toBe("UTC");
  });

  it("falls back to UTC for a zone that is not known, and says nothing of no time", () => {
    expect(en.time("2026-06-01T07:00:00Z", "Mars/Olympus")).toBe("07:00:00");
    expect(en.time("soon")).toBe("–");
  });

  it("writes spans in the unit that fits", () => {
    const spans = [900, 61_000, 3_600_000, 3_900_000, 40 * 3_600_000, 72 * 3_600_000];
    expect(spans.map((ms) => en.span(ms).replaceAll("\u00a0", " "))).toEqual([
      "1 s",
      "1 min",
      "1 h",
      "1 h 5 min",
      "40 h",
      "3 d",
    ]);
  });
});
