// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { holdCsrf } from "@/api/credentials";
import { Problem } from "@/api/problem";
import { TestTexts } from "@/texts";
import accounts from "@/texts/en/accounts.json";
import app from "@/texts/en/app.json";
import ui from "@/texts/en/ui.json";
import { deviceNames, endSession, type SessionRow } from "./api";
import { OwnSessions } from "./OwnSessions";

function row(id: string, more: Partial<SessionRow> = {}): SessionRow {
  return {
    id,
    began: "2026-06-01T07:00:00.000000Z",
    last_seen: "2026-06-01T07:10:00.000000Z",
    expires: "2026-06-01T07:40:00.000000Z",
    how: "password",
    provider: null,
    browser: "Firefox",
    system: "Linux",
    address: "192.0.2.1",
    current: false,
    ...more,
  };
}

/** A server with these sessions, and what it was asked. */
function serves(sessions: SessionRow[]) {
  const asked: { method: string; path: string; csrf: string | null }[] = [];
  let held = sessions;
  vi.stubGlobal("fetch", async (path: string, options: RequestInit) => {
    const method = options.method ?? "GET";
    asked.push({ method, path, csrf: new Headers(options.headers).get("wayside-csrf") });
    if (method === "GET") return Response.json(held);
    const id = decodeURIComponent(path.split("/")[4] ?? "");
    if (id && !held.some((one) => one.id === id)) {
      return Response.json({ title: "not found" }, { status: 404 });
    }
    held = held.filter((one) => (id ? one.id !== id : one.current));
    return new Response(null, { status: 204 });
  });
  return { asked, lose: (id: string) => (held = held.filter((one) => one.id !== id)) };
}

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <TestTexts texts={{ ...accounts, ...app, ...ui }}>
        <OwnSessions />
      </TestTexts>
    </QueryClientProvider>,
  );
}

const rows = () => screen.findAllByRole("listitem");
const changes = (asked: { method: string; path: string }[]) =>
  asked.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);

beforeEach(() => holdCsrf("t0ken"));

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  holdCsrf(undefined);
});

describe("the list of one's own sessions", () => {
  it("has a row for each, and marks this browser", async () => {
    serves([
      row("a", { current: true, how: "passkey" }),
      row("b", { browser: null, system: null, how: "oidc", provider: "city" }),
    ]);
    show();
    const [own, other, ...more] = await rows();
    if (!own || !other) throw new Error("two rows");
    expect(more).toEqual([]);
    expect(own.textContent).toContain("Firefox, Linux");
    expect(own.textContent).toContain("This browser");
    expect(own.textContent).toContain("with a passkey");
    expect(within(own).getByRole("button").textContent).toBe("Sign out");
    expect(other.textContent).toContain("Unknown browser");
    expect(other.textContent).toContain("through city");
    expect(other.textContent).not.toContain("This browser");
    expect(within(other).getByRole("button", { name: /^End: Unknown browser, signed in 1 Jun/ }));
  });

  it("ends one, says so, and keeps the focus", async () => {
    const { asked } = serves([row("a", { current: true }), row("b c"), row("d")]);
    show();
    const button = within((await rows())[1] as HTMLElement).getByRole("button");
    button.focus();
    fireEvent.click(button);
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(2));
    expect(changes(asked)).toEqual(["DELETE /api/v1/sessions/b%20c"]);
    expect(asked.find(({ method }) => method === "DELETE")?.csrf).toBe("t0ken");
    expect(screen.getByRole("status").textContent).toBe("Signed out: Firefox, Linux.");
    expect(document.activeElement).toBe(screen.getByRole("list", { name: "Signed in on" }));
  });

  it("ends all others, and then offers it no more", async () => {
    const { asked } = serves([row("a", { current: true }), row("b"), row("c")]);
    show();
    const button = await screen.findByRole("button", { name: "End all others" });
    button.focus();
    fireEvent.click(button);
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
    expect(changes(asked)).toEqual(["DELETE /api/v1/sessions"]);
    expect(screen.queryByRole("button", { name: "End all others" })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("list", { name: "Signed in on" }));
  });

  it("takes one that has ended meanwhile as ended", async () => {
    const { lose } = serves([row("a", { current: true }), row("b")]);
    show();
    const button = within((await rows())[1] as HTMLElement).getByRole("button");
    lose("b");
    fireEvent.click(button);
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("sessions", () => {
  it("are named by what is known", () => {
    expect(deviceNames(row("a"))).toBe("Firefox, Linux");
    expect(deviceNames(row("a", { browser: null }))).toBe("Linux");
    expect(deviceNames(row("a", { browser: null, system: null }))).toBeUndefined();
  });

  it("that cannot be ended are told", async () => {
    vi.stubGlobal("fetch", async () => Response.json({ title: "Busy" }, { status: 503 }));
    await expect(endSession("a")).rejects.toBeInstanceOf(Problem);
  });
});
