// Invited accounts of one role each: what they may not see they see neither on a page nor by its address.
import assert from "node:assert/strict";
import { ask, choosePassword, go, settled } from "../steps.mjs";

const PASSWORD = "seven of one and half a dozen";

/** A decision as the desk sends it; its claim is nobody's. */
const DECISION = { token: "0".repeat(32), decision: "approve", plate: "WAY51DE", note: "" };

/** Pages of each role, and what the API answers: status by path; `POST` where it says so. */
function rights({ case: id, citation }) {
  const evidence = ["manifest", "at-line", "clip"].map(
    (p) => `/api/review/v1/cases/${id}/evidence/${p}`,
  );
  const suggestion = `/api/review/v1/cases/${id}/plate-suggestion`;
  const plate = `/api/review/v1/citations/${citation}/plate?purpose=hand_to_ticketing`;
  const all = (status, ...paths) => Object.fromEntries(paths.flat().map((path) => [path, status]));
  const claim = "POST /api/review/v1/claims";
  const decide = `POST /api/review/v1/cases/${id}/decision`;
  const found = `/api/review/v1/cases/${id}`;
  const accounts = "/api/v1/accounts";
  const site = "/api/v1/sites/junction/file";
  const work = ["/api/v1/recordings", "/api/v1/jobs"];
  const receipts = "/api/v1/trust/receipts";
  const audit = "/api/review/v1/audit";
  const ledger = "/api/review/v1/ledger";
  return {
    operator: {
      open: ["#/", "#/junction/junction", "#/signs", "#/account"],
      closed: ["#/review", "#/trust", "#/calibrate", "#/replay", "#/accounts"],
      api: {
        ...all(200, "/api/v1/overview", "/api/review/v1/queue", ledger),
        ...all(403, evidence, suggestion, plate, claim, decide, found, audit),
        ...all(403, accounts, site, work, receipts, "/api/review/v1/citations"),
      },
    },
    engineer: {
      open: ["#/calibrate", "#/replay", "#/trust"],
      closed: ["#/review", "#/accounts"],
      api: {
        ...all(200, site, work, receipts, found),
        ...all(403, claim, decide, suggestion, plate, audit, accounts),
      },
    },
    auditor: {
      open: ["#/trust"],
      closed: ["#/review", "#/calibrate", "#/replay", "#/accounts"],
      api: {
        ...all(200, audit, ledger, receipts, found),
        ...all(403, claim, decide, suggestion, plate, accounts, site, work),
      },
    },
  };
}

/** Invites an account of one role on the accounts page; the link that is shown once. */
async function invite(page, role) {
  await go(page, "#/accounts");
  await page.getByRole("button", { name: "Invite" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Account", { exact: true }).fill(`the.${role}`);
  const wanted = dialog.getByRole("checkbox", { name: new RegExp(`^${role}`, "i") });
  for (const box of await dialog.getByRole("checkbox", { checked: true }).all()) {
    await box.press("Space");
  }
  await wanted.press("Space");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = page.getByRole("dialog").getByRole("textbox", { name: "One-time link" });
  const address = await link.inputValue();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return address;
}

/** One role: invited, signed in by the link, and held against what it may. */
export async function roleHolds(chief, guest, url, subject, role) {
  const { open, closed, api } = rights(subject)[role];
  const link = await invite(chief.page, role);
  const { page, context } = guest;
  guest.watch.expect(401, "/api/v1/session");
  // Nobody may have looked at the camera for a while: until somebody does again, no picture is made.
  guest.watch.expect(404, "/cameras/north/picture");
  await page.goto(link);
  await choosePassword(page, PASSWORD);
  await page.getByRole("heading", { name: /^Welcome, / }).waitFor();

  const rail = page.getByRole("navigation", { name: "Pages" });
  for (const route of open) {
    await go(page, route);
    assert.equal(await page.getByText("This page is for other roles").count(), 0, route);
  }
  for (const route of closed) {
    await go(page, route);
    await page.getByText("This page is for other roles").waitFor();
    assert.equal(await page.locator("main img, main video").count(), 0, route);
    assert.equal(await rail.locator(`a[href='${route}']`).count(), 0, `${route} in the rail`);
  }
  for (const [path, status] of Object.entries(api)) {
    const [method, at] = path.startsWith("POST ") ? ["POST", path.slice(5)] : ["GET", path];
    const body = at.endsWith("/decision") ? DECISION : method === "POST" ? {} : undefined;
    const got = await ask(context, url, at, { method, body });
    assert.equal(got.status, status, `${role}: ${path}: ${JSON.stringify(got.body)}`);
    if (got.status !== 403) continue;
    // Refused for the role, and not for a secret that this script forgot.
    assert(
      !JSON.stringify(got.body).includes("csrf"),
      `${role}: ${path}: ${JSON.stringify(got.body)}`,
    );
    // Naming a role does not give it.
    const dressed = await ask(context, url, at, {
      method,
      body,
      headers: { "Wayside-Role": "senior" },
    });
    assert.equal(
      dressed.status,
      403,
      `${role} as senior: ${path}: ${JSON.stringify(dressed.body)}`,
    );
  }
  await go(page, "#/");
  await settled(page);
}
