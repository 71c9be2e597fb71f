import { afterEach, describe, expect, it, vi } from "vitest";
import { addCredentials, holdCsrf, holdRole, withRole } from "./credentials";
import { answer, get, onSignedOut, post, review } from "./http";
import { Problem } from "./problem";
import { actsAs } from "./session";
import type { Session } from "./shapes";

function answers(body: BodyInit | null, init: ResponseInit = {}) {
  const calls: Request[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, options?: RequestInit) => {
    const request =
      input instanceof Request ? input : new Request(new URL(String(input), "http://x"), options);
    calls.push(request);
    return new Response(body, init);
  });
  return calls;
}

afterEach(() => {
  vi.unstubAllGlobals();
  holdCsrf(undefined);
  holdRole(undefined);
});

describe("requests", () => {
  it("carry the token only when they change something, and the role always", async () => {
    holdCsrf("t0ken");
    holdRole("auditor");
    const calls = answers("{}");
    await get("/api/v1/overview", { query: { site: "a b", none: undefined } });
    await post("/api/v1/jobs", { kind: "replay" });
    await post("/api/v1/jobs", {}, { role: "engineer" });
    expect(new URL(calls[0]?.url ?? "").search).toBe("?site=a+b");
    expect(calls.map(({ headers }) => headers.get("wayside-csrf"))).toEqual([
      null,
      "t0ken",
      "t0ken",
    ]);
    expect(calls.map(({ headers }) => headers.get("wayside-role"))).toEqual([
      "auditor",
      "auditor",
      "engineer",
    ]);
    expect(await calls[1]?.json()).toEqual({ kind: "replay" });
  });

  it("tell the role in the address where there are no headers", () => {
    expect(withRole("/p", undefined)).toBe("/p");
    expect(withRole("/p", "senior")).toBe("/p?role=senior");
    expect(withRole("/p?a=1", "senior")).toBe("/p?a=1&role=senior");
  });

  it("do not overwrite a role that was set", () => {
    holdRole("operator");
    const headers = new Headers({ "Wayside-Role": "senior" });
    addCredentials(headers, "GET");
    expect(headers.get("wayside-role")).toBe("senior");
  });

  it("throw what the server says", async () => {
    answers(
      JSON.stringify({ type: "urn:wayside:problem:csrf", title: "No", detail: "why", hint: "so" }),
      { status: 403, headers: { "retry-after": "7" } },
    );
    const error = await post("/x").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({
      status: 403,
      kind: "csrf",
      detail: "why",
      hint: "so",
      retryAfter: 7,
    });
  });

  it("throw a problem for an answer that is none, and for no answer", async () => {
    answers("<html>", { status: 502, statusText: "Bad Gateway" });
    await expect(get("/x")).rejects.toMatchObject({ status: 502, title: "Bad Gateway" });
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("refused");
    });
    await expect(get("/x")).rejects.toMatchObject({ offline: true });
  });

  it("tell when the session is gone, but not when that is the question", async () => {
    const gone = vi.fn();
    const off = onSignedOut(gone);
    answers("{}", { status: 401 });
    await get("/api/v1/session", { quiet: true }).catch(() => undefined);
    expect(gone).not.toHaveBeenCalled();
    await get("/x").catch(() => undefined);
    expect(gone).toHaveBeenCalledOnce();
    off();
  });
});

describe("the typed client of review", () => {
  it("carries the same headers and throws the same problems", async () => {
    holdCsrf("t0ken");
    // Node has no page to be relative to.
    vi.stubGlobal("location", new URL("http://x/"));
    const calls = answers(JSON.stringify({ title: "gone", status: 410 }), { status: 410 });
    const call = review.POST("/v1/claims", { baseUrl: "http://x", body: {} as never });
    await expect(answer(call)).rejects.toMatchObject({ status: 410, title: "gone" });
    expect(calls[0]?.headers.get("wayside-csrf")).toBe("t0ken");
  });
});

describe("roles", () => {
  const session = { roles: ["operator", "senior"] } as Session;

  it("are the first that the account has of those wanted, or the one it chose", () => {
    expect(actsAs(session, undefined, ["reviewer", "senior"])).toBe("senior");
    expect(actsAs(session, "operator", ["reviewer", "senior"])).toBeUndefined();
    expect(actsAs(session, "senior", ["reviewer", "senior"])).toBe("senior");
    expect(actsAs(null, undefined, ["senior"])).toBeUndefined();
  });
});
