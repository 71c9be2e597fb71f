// The first account, and a new site out of one picture of its camera.
import { ACCOUNT, NAME, PASSWORD } from "../journeys/sign_in.mjs";
import { go, settled, until } from "../steps.mjs";

export async function signIn({ page, watch }, link) {
  watch.expect(401, "/api/v1/session");
  await page.goto(link);
  await page.locator("input[name=account]").fill(ACCOUNT);
  await page.locator("input[name=name]").fill(NAME);
  for (const field of await page.locator("input[type=password]").all()) await field.fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: `Welcome, ${NAME}` }).waitFor();
}

/** A clip is brought; what comes back is the empty road of it. */
export async function newSite(page, { name, id, clip }) {
  await go(page, "#/calibrate");
  await page.getByLabel("Name of the place").fill(name);
  const short = page.getByLabel("Short name");
  await until("short name", async () => (await short.inputValue()) !== "");
  await short.fill(id);
  await page.getByLabel("Name of the camera").fill("north");
  await page.getByText("a computer simulation").click();
  await page.locator("input[type=file]").last().setInputFiles(clip);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("heading", { name: `${name}: north` }).waitFor();
  await settled(page);
}
