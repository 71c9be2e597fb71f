// The accessibility checker in a page. A serious or critical finding fails the test.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const EVERYTHING = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

/** Serious and critical findings, each in one line. `colours` looks at nothing else. */
export async function findings(page, { colours = false } = {}) {
  // The policy of the page forbids scripts of others; this one comes from outside of it.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const options = colours ? COLOURS : EVERYTHING;
  const { violations } = await page.evaluate(
    (how) => window.axe.run(document, { ...how, resultTypes: ["violations"] }),
    options,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, help, nodes }) => {
      const where = nodes.slice(0, 3).map((node) => node.target.join(" "));
      const why = nodes[0]?.any[0]?.message ?? nodes[0]?.failureSummary ?? "";
      return `${impact} ${id}: ${help}: ${where.join(" | ")}: ${why}`;
    });
}
