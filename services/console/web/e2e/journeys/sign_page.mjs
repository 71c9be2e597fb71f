// The public page of a sign: a warning comes, and nothing of it is a picture of a camera.
import assert from "node:assert/strict";
import { until } from "../steps.mjs";

export async function warns({ page }, url, sign) {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${url}/signs/${sign}`);
  const text = () => page.evaluate(() => document.body.innerText.trim());
  const shown = await until(`warning on ${sign}`, text);
  assert.match(shown, /red light|crossing|wrong.way/i);
  const pictures = await page.evaluate(() =>
    [...document.querySelectorAll("img, picture, video, canvas, iframe, object, embed, image")].map(
      (one) => `${one.localName} ${new URL(one.src ?? "", location.href).pathname}`,
    ),
  );
  for (const picture of pictures) {
    assert.match(picture, /^img \/sign-assets\/[a-z_]+\.svg$/, "nothing but pictograms on a sign");
  }
  const own = (path) => path.startsWith("/signs/") || path.startsWith("/sign-assets/");
  assert.deepEqual(
    asked.filter((path) => !own(path) && path !== "/favicon.ico"),
    [],
    "a sign asks for nothing but its message",
  );
  return shown.replaceAll("\n", " / ");
}
