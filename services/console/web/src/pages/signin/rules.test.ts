import { expect, test } from "vitest";
import { accountIsSound, passwordFault, toAccount, wayBack } from "./rules";

test("names of accounts", () => {
  expect(accountIsSound("eva.m-1_x")).toBe(true);
  for (const bad of ["", "Eva", "eva m", "a".repeat(65), "é"])
    expect(accountIsSound(bad)).toBe(false);
  expect(toAccount(" Eva Muster ")).toBe("eva.muster");
});

test("passwords", () => {
  expect(passwordFault("short", "short", "eva")).toBe("short");
  expect(passwordFault("a".repeat(129), "", "eva")).toBe("long");
  expect(passwordFault("long enough it is", "long enough it was", "eva")).toBe("differs");
  expect(passwordFault("eva.mustereva", "eva.mustereva", "eva.muster")).toBe("name");
  expect(passwordFault("long enough it is", "long enough it is", "eva")).toBeNull();
});

test("the way back stays in the console", () => {
  expect(wayBack("/review/queue?x=1")).toBe("/review/queue?x=1");
  for (const bad of [
    null,
    "",
    "https://elsewhere",
    "//elsewhere",
    "/\\elsewhere",
    "javascript:1",
    "/signin",
  ]) {
    expect(wayBack(bad)).toBe("/");
  }
});
