// Every page against the accessibility checker, light and dark; and pictures of it where somebody wants them.
import { findings } from "../axe.mjs";
import { shots } from "../environment.mjs";
import { go } from "../steps.mjs";

const WIDE = { width: 2560, height: 1440 };
const USUAL = { width: 1366, height: 768 };

/** What is wrong with the page as it is now. */
export async function look(page, name) {
  const found = [];
  const folder = shots();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    // What the checker says of one theme it says of the other, but for the colours.
    const wrong = await findings(page, { colours: theme === "dark" });
    found.push(...wrong.map((line) => `${name}, ${theme}: ${line}`));
    if (folder) await page.screenshot({ path: `${folder}/${name}-1366-${theme}.png` });
  }
  if (folder) {
    await page.setViewportSize(WIDE);
    await page.screenshot({ path: `${folder}/${name}-2560-dark.png` });
    await page.setViewportSize(USUAL);
  }
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (tooWide > 0) found.push(`${name}: ${tooWide} px wider than the window`);
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}

/** Goes to each page and looks at it. */
export async function lookAround(page, pages) {
  const found = [];
  for (const [name, route] of Object.entries(pages)) {
    await go(page, route);
    found.push(...(await look(page, name)));
  }
  return found;
}
