import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoffMs } from "./backoff";
import { LAG_LIVE_MS, LiveConnection, SILENCE_MS } from "./live";

/** A server of which the test decides what each connection answers. */
class Server {
  requests: { url: string; lastId: string | null; signal: AbortSignal }[] = [];
  #open: ReadableStreamDefaultController<Uint8Array>[] = [];
  status = 200;

  fetch: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const signal = init?.signal as AbortSignal;
    this.requests.push({ url: String(input), lastId: headers.get("last-event-id"), signal });
    if (this.status === 0) throw new TypeError("no route");
    if (this.status !== 200) return new Response(null, { status: this.status });
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (made) => {
        controller = made;
      },
    });
    if (controller) this.#open.push(controller);
    signal.addEventListener("abort", () => {
      try {
        controller?.error(signal.reason);
      } catch {
        // It was closed before.
      }
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };

  send(text: string): void {
    this.#open.at(-1)?.enqueue(new TextEncoder().encode(text));
  }

  event(name: string, data: unknown, id?: string): void {
    this.send(`event: ${name}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`);
  }

  clock(lagMs = 100): void {
    this.event("clock", { now: new Date(Date.now()).toISOString(), lag_ms: lagMs });
  }

  end(): void {
    this.#open.at(-1)?.close();
  }
}

let server: Server;
let live: LiveConnection;
const settle = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-06-01T07:00:00Z") });
  server = new Server();
  live = new LiveConnection({
    url: (site) => `/live${site ? `?site=${site}` : ""}`,
    headers: () => new Headers(),
    fetch: server.fetch,
    now: () => Date.now(),
    random: () => 0.5,
  });
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

async function opened(from?: string) {
  live.start(from);
  await settle();
  server.clock();
  await settle();
}

describe("phases", () => {
  it("is live only when the clock ticks", async () => {
    live.start();
    expect(live.state.phase).toBe("connecting");
    await settle();
    expect(live.state.phase).toBe("catching_up");
    server.clock();
    await settle();
    expect(live.state).toMatchObject({ phase: "live", lagMs: 100 });
    expect(live.state.eventTime).toBe("2026-06-01T06:59:59.901Z");
  });

  it("does not call old pictures live", async () => {
    await opened();
    server.clock(LAG_LIVE_MS + 1);
    await settle();
    expect(live.state.phase).toBe("behind");
  });

  it("notices a line that is open and silent", async () => {
    await opened();
    const { signal } = server.requests[0] ?? {};
    await vi.advanceTimersByTimeAsync(SILENCE_MS + 10);
    expect(live.state.phase).toBe("reconnecting");
    expect(signal?.aborted).toBe(true);
  });

  it("says since when the line is broken, over all attempts", async () => {
    await opened();
    server.status = 0;
    server.end();
    await settle();
    const { since } = live.state;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.requests.length).toBeGreaterThan(3);
    expect(live.state).toMatchObject({ phase: "reconnecting", since });
  });

  it("stops asking when the session is gone", async () => {
    server.status = 401;
    live.start();
    await settle();
    expect(live.state.phase).toBe("no_session");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.requests).toHaveLength(1);
    server.status = 200;
    live.start();
    await settle();
    expect(server.requests).toHaveLength(2);
  });
});

describe("resume", () => {
  it("begins behind the snapshot", async () => {
    await opened("e1-7");
    expect(server.requests[0]?.lastId).toBe("e1-7");
  });

  it("goes on behind the last event that was handled", async () => {
    const seen: unknown[] = [];
    live.on("event", (data) => seen.push(data));
    await opened();
    server.event("event", { id: "a" }, "e1-1");
    server.event("event", { id: "b" }, "e1-2");
    await settle();
    server.end();
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.requests.map(({ lastId }) => lastId)).toEqual([null, "e1-2"]);
    server.event("event", { id: "c" }, "e1-3");
    server.clock();
    await settle();
    expect(seen).toEqual([{ id: "a" }, { id: "b" }, { id: "c" }]);
    expect(live.state.phase).toBe("live");
  });

  it("keeps its place when the site changes", async () => {
    await opened();
    server.event("event", { id: "a" }, "e1-9");
    await settle();
    live.setSite("ring");
    await settle();
    expect(server.requests.at(-1)).toMatchObject({ url: "/live?site=ring", lastId: "e1-9" });
    expect(server.requests[0]?.signal.aborted).toBe(true);
  });

  it("reads events that come in pieces", async () => {
    const seen: unknown[] = [];
    live.on("health", (data) => seen.push(data));
    await opened();
    server.send('event: health\nid: e1-1\ndata: {"ca');
    await settle();
    server.send('mera":"ä"}\n');
    await settle();
    expect(seen).toEqual([]);
    server.send("\n");
    await settle();
    expect(seen).toEqual([{ camera: "ä" }]);
  });

  it("forgets its place when it is stopped: another account may come", async () => {
    await opened("e1-7");
    live.stop();
    live.start();
    await settle();
    expect(server.requests.at(-1)?.lastId).toBeNull();
  });
});

describe("gaps", () => {
  it("has everything fetched again when the server could not resume", async () => {
    const reset = vi.fn();
    live.onReset(reset);
    await opened("e0-3");
    server.event("reset", { missed: 12 }, "e1-1");
    await settle();
    expect(reset).toHaveBeenCalledOnce();
    expect(live.state.missed).toMatchObject({ count: 12 });
    expect(live.lastId).toBe("e1-1");
  });

  it("says nothing of a reset by which nothing was missed", async () => {
    const reset = vi.fn();
    live.onReset(reset);
    await opened("e0-3");
    server.event("reset", { missed: 0 });
    await settle();
    expect(reset).toHaveBeenCalledOnce();
    expect(live.state.missed).toBeUndefined();
  });

  it("adds up what a slow client missed, until it is dismissed", async () => {
    await opened();
    server.event("missed", { count: 3, topics: ["event"] });
    server.event("missed", { count: 4, topics: ["event", "health"] });
    await settle();
    expect(live.state.missed).toMatchObject({ count: 7, topics: ["event", "health"] });
    live.forgetMissed();
    expect(live.state.missed).toBeUndefined();
  });

  it("passes over what is no JSON, and keeps the id", async () => {
    const seen: unknown[] = [];
    live.on("event", (data) => seen.push(data));
    await opened();
    server.send("event: event\nid: e1-4\ndata: {\n\n");
    await settle();
    expect(seen).toEqual([]);
    expect(live.lastId).toBe("e1-4");
  });
});

describe("backoff", () => {
  it("doubles to 15 s, half of it by chance", () => {
    const least = [1, 2, 3, 4, 5, 6, 7, 40].map((attempt) => backoffMs(attempt, () => 0));
    expect(least).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500, 7500]);
    expect(backoffMs(1, () => 1)).toBe(500);
    expect(backoffMs(40, () => 1)).toBe(15_000);
  });

  it("begins again from the start after a tick of the clock", async () => {
    server.status = 0;
    live.start();
    await vi.advanceTimersByTimeAsync(20_000);
    server.status = 200;
    while (live.state.phase !== "catching_up") await vi.advanceTimersByTimeAsync(100);
    server.clock();
    await settle();
    expect(live.state.phase).toBe("live");
    const before = server.requests.length;
    server.end();
    await settle();
    await vi.advanceTimersByTimeAsync(backoffMs(1, () => 0.5));
    expect(server.requests).toHaveLength(before + 1);
  });

  it("tries at once when somebody asks for it", async () => {
    server.status = 0;
    live.start();
    await vi.advanceTimersByTimeAsync(20_000);
    const before = server.requests.length;
    live.retry();
    await settle();
    expect(server.requests).toHaveLength(before + 1);
  });
});
