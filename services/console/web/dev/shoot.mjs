// Screenshots, an axe run and what the console of the browser said.
//   node dev/shoot.mjs URL OUT NAME=#/route[>key,key]... [--widths 1366,2560] [--themes light,dark] [--full]
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const args = process.argv.slice(2);
const option = (name, fallback) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? fallback : args.splice(at, 2)[1];
};
const widths = option("widths", "1366,2560").split(",").map(Number);
const themes = option("themes", "light,dark").split(",");
const language = option("language", "en");
const wait = Number(option("wait", "1500"));
const full = args.includes("--full") ? args.splice(args.indexOf("--full"), 1) && true : false;
const [base, out, ...pages] = args;
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
let bad = 0;
for (const width of widths) {
  for (const theme of themes) {
    const context = await browser.newContext({
      viewport: { width, height: width > 2000 ? 1440 : 768 },
      colorScheme: theme,
      locale: language,
      bypassCSP: false,
    });
    await context.addInitScript(`localStorage.setItem("wayside.language", "${language}")`);
    for (const spec of pages) {
      const [name, rest] = [spec.slice(0, spec.indexOf("=")), spec.slice(spec.indexOf("=") + 1)];
      const [route, keys] = rest.split(">");
      const page = await context.newPage();
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type()))
          console.log(`${name} ${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => console.log(`${name} threw: ${error.message}`));
      await page.goto(`${base}/${route}`);
      await page.waitForTimeout(wait);
      for (const key of keys?.split(",") ?? []) {
        if (key.startsWith("click:")) await page.locator(key.slice(6)).first().click();
        else await page.keyboard.press(key);
        await page.waitForTimeout(700);
      }
      const file = `${out}/${name}-${width}-${theme}.png`;
      await page.screenshot({ path: file, fullPage: full });
      const paint = await page.evaluate(
        () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      );
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await page.evaluate(axe);
      const result = await page.evaluate(() =>
        axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }),
      );
      console.log(
        `${file}: first paint ${Math.round(paint)} ms, axe ${result.violations.length}${wide > 0 ? `, ${wide} px too wide` : ""}`,
      );
      for (const { id, impact, nodes } of result.violations) {
        bad += 1;
        console.log(
          `  ${impact} ${id}: ${nodes
            .slice(0, 3)
            .map((node) => node.target.join(" "))
            .join(" | ")} ${nodes[0].any[0]?.message ?? ""}`,
        );
      }
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
process.exit(bad > 0 ? 1 : 0);
