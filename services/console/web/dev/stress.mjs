// How long a page is busy at a time while a thousand events a second come in. Not a part of the product.
//   npm run build && node dev/stress.mjs [SECONDS]

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const PORT = "5198";
const seconds = Number(process.argv[2] ?? 15);
const server = spawn(
  process.execPath,
  [fileURLToPath(new URL("./serve.mjs", import.meta.url)), PORT],
  { env: { ...process.env, RATE: "1000" }, stdio: ["ignore", "pipe", "inherit"] },
);
await new Promise((ready) => server.stdout.once("data", ready));
const browser = await chromium.launch({
  executablePath: process.env.WAYSIDE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const route of ["#/", "#/junction/junction"]) {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.addInitScript(() => {
      window.tasks = [];
      const keep = (list) => {
        for (const { startTime, duration } of list.getEntries())
          window.tasks.push({ startTime, duration });
      };
      new PerformanceObserver(keep).observe({ type: "longtask", buffered: true });
    });
    await page.goto(`http://127.0.0.1:${PORT}/${route}`);
    await page.waitForSelector("ol li a");
    const newest = () => page.locator("ol li a").first().getAttribute("href");
    await page.waitForTimeout(3000);
    const from = await page.evaluate(() => performance.now());
    const before = await newest();
    await page.waitForTimeout(seconds * 1000);
    const tasks = await page.evaluate(
      (since) => window.tasks.filter((task) => task.startTime > since).map((task) => task.duration),
      from,
    );
    if ((await newest()) === before) throw new Error(`${route}: no event came`);
    const longest = tasks.length ? `${Math.max(...tasks).toFixed(0)} ms` : "under 50 ms";
    console.log(
      `${route}: longest task ${longest}, ${tasks.length} of 50 ms or more in ${seconds} s`,
    );
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
}
