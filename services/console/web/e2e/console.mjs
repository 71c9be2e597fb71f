// What people do at the console, one after the other, against the real program with a live camera.
//   WAYSIDE_URL WAYSIDE_LINK WAYSIDE_SIGNS WAYSIDE_E2E_OUT [WAYSIDE_E2E_SHOTS] node e2e/console.mjs
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { open, person } from "./browser.mjs";
import { folder, told } from "./environment.mjs";
import { firstPaint, onJunction, onOverview } from "./journeys/arrive.mjs";
import { look, lookAround } from "./journeys/looks.mjs";
import { cutAndMend } from "./journeys/reconnect.mjs";
import * as review from "./journeys/review.mjs";
import { roleHolds } from "./journeys/roles.mjs";
import { seeItHappen } from "./journeys/scene.mjs";
import { ACCOUNT, firstAccount, linkIsUsedUp, outAndIn } from "./journeys/sign_in.mjs";
import { warns } from "./journeys/sign_page.mjs";
import { Line } from "./line.mjs";
import { get } from "./steps.mjs";
import { Story } from "./story.mjs";

const direct = told("WAYSIDE_URL");
const line = new Line(direct);
const url = await line.open();
const link = told("WAYSIDE_LINK").replace(direct, url);
const browser = await open();
const story = new Story(browser, folder());
const wrong = [];

await story.tell(async () => {
  const chief = story.met(await person(browser, "chief"));
  const { page, context } = chief;
  // The camera has no picture yet, and the page says so: pictures are made once somebody looks.
  chief.watch.expect(404, "/cameras/north/picture");
  // No reader of plates is among the models that ship with the program.
  chief.watch.expect(404, "/plate-suggestion");

  await story.step("the one-time link makes the first account", () => firstAccount(chief, link));
  await story.step("the link is used up", async () => {
    const stranger = story.met(await person(browser, "stranger"));
    await linkIsUsedUp(stranger, link);
    wrong.push(...(await look(stranger.page, "setup-used")));
    await stranger.context.close();
  });
  await story.step("out, a wrong password, and in again", () => outAndIn(chief));
  const paint = await firstPaint(page, url);
  story.say(
    `overview: first paint after ${paint.paint_ms} ms, all there after ${paint.there_ms} ms`,
  );
  await story.step("a violation arrives on the overview", () => onOverview(page));
  await story.step("and on the junction's page, beside the live picture", () => onJunction(page));
  wrong.push(...(await look(page, "junction")));
  await story.step("an event is seen happening", async () => {
    await seeItHappen(chief, url);
    wrong.push(...(await look(page, "junction-event")));
  });

  await story.step("the sign warns, without a picture", async () => {
    const driver = story.met(await person(browser, "driver"));
    const shown = await warns(driver, told("WAYSIDE_SIGNS"), "square");
    story.say(`sign: ${shown}`);
    wrong.push(...(await look(driver.page, "sign-public")));
    await driver.context.close();
  });
  await story.step("pages are looked at", async () => {
    wrong.push(
      ...(await lookAround(page, {
        overview: "#/",
        signs: "#/signs",
        calibrate: "#/calibrate",
        replay: "#/replay",
        account: "#/account",
      })),
    );
  });

  const decided = await story.step("a case is decided by keyboard", async () => {
    await review.waiting(context, url, 2);
    await review.openDesk(page);
    wrong.push(...(await look(page, "review-resting")));
    const claimed = review.nextClaim(page);
    const asked = Date.now();
    await page.keyboard.press("Enter");
    const claim = await claimed;
    await review.caseIsShown(page);
    const shown = Date.now();
    await review.stepsThroughTheClip(page);
    const stepped = Date.now();
    if (claim.violation.rule === "red_light") await review.signalAndQuantities(page);
    wrong.push(...(await look(page, "review-case")));
    const ready = Date.now();
    const done = await review.approve(page);
    story.say(
      `review: case on screen ${shown - asked} ms after Enter, decided in ` +
        `${stepped - shown + done.chosen - ready} ms, taken ${done.taken - done.chosen} ms later`,
    );
    await review.becomes(context, url, claim.case, "issued");
    return claim;
  });
  await story.step("the next one is rejected by keyboard", async () => {
    await review.caseIsShown(page);
    const { chosen, taken } = await review.reject(page);
    story.say(
      `review: rejected, and taken ${taken - chosen} ms later: until then a key takes it back`,
    );
  });

  await story.step("the line is cut and mended", () => cutAndMend(chief, line, direct));

  const citations = await get(context, url, "/api/review/v1/citations", "senior");
  const citation = (citations.citations ?? citations)[0];
  const subject = { case: decided.case, citation: citation.citation ?? citation.id };
  for (const role of ["operator", "engineer", "auditor"]) {
    await story.step(`the ${role} sees what is theirs`, async () => {
      const guest = story.met(await person(browser, role));
      await roleHolds(chief, guest, url, subject, role);
      await guest.context.close();
    });
  }

  await story.step("and those with something to show by now", async () => {
    const pages = { trust: "#/trust", "trust-views": "#/trust/views", accounts: "#/accounts" };
    wrong.push(...(await lookAround(page, pages)));
  });
  assert.deepEqual(wrong, [], "axe has something serious to say");
  story.nothingWentWrong();
  const facts = { account: ACCOUNT, violation: decided.violation.id, plate: review.PLATE };
  writeFileSync(`${folder()}/facts.json`, JSON.stringify(facts));
});
await line.cut();
