/**
 * The console's live stream: one connection for the whole page, resumed where it broke off.
 *
 * Read with `fetch` rather than with `EventSource`: that one cannot send `Last-Event-ID` on a connection
 * of its own making, tells no status (401 looks like a broken line) and chooses its waiting by itself.
 */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { backoffMs } from "./backoff";

export const TOPICS = [
  "tracks",
  "signals",
  "health",
  "event",
  "travel_time",
  "evidence",
  "citation",
  "stand_down",
  "sign",
  "clock",
] as const;
export type Topic = (typeof TOPICS)[number];

export type Phase =
  | "off"
  | "connecting"
  | "catching_up"
  | "live"
  | "behind"
  | "reconnecting"
  | "no_session";

export interface LiveState {
  phase: Phase;
  /** Wall clock of this browser, milliseconds, at which the phase began. */
  since: number;
  /** The server's event time: the newest capture instant, as it last told it. RFC 3339. */
  eventTime: string | undefined;
  /** How far that is behind the server's wall clock, milliseconds; unknown before the first frame. */
  lagMs: number | undefined;
  /** What the server did not send because this browser was too slow, or was away for too long. */
  missed: Missed | undefined;
}

export interface Missed {
  count: number;
  topics: string[];
  at: number;
}

export interface LiveOptions {
  url: (site: string | undefined) => string;
  headers: () => Headers;
  fetch: typeof fetch;
  now: () => number;
  random: () => number;
}

/** What is older than this is not called live. */
export const LAG_LIVE_MS = 10_000;
/** The clock ticks every second; after this much silence an open line is taken for dead. */
export const SILENCE_MS = 6_000;

type Handler = (data: unknown, id: string | undefined) => void;

export class LiveConnection {
  #options: LiveOptions;
  #handlers = new Map<Topic, Set<Handler>>();
  #resets = new Set<() => void>();
  #listeners = new Set<() => void>();
  #state: LiveState;
  #lastId: string | undefined;
  #site: string | undefined;
  #attempt = 0;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#state = {
      phase: "off",
      since: options.now(),
      eventTime: undefined,
      lagMs: undefined,
      missed: undefined,
    };
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Where the stream goes on: the id of the last event that was handled. */
  get lastId(): string | undefined {
    return this.#lastId;
  }

  /** Calls back at each change of state. */
  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls back with each event of a topic, parsed. */
  on(topic: Topic, handler: Handler): () => void {
    const set = this.#handlers.get(topic) ?? new Set();
    set.add(handler);
    this.#handlers.set(topic, set);
    return () => set.delete(handler);
  }

  /** Calls back when the server could not resume: whatever was fetched is to be fetched again. */
  onReset(handler: () => void): () => void {
    this.#resets.add(handler);
    return () => this.#resets.delete(handler);
  }

  /**
   * Opens the stream. `from` is the `event_id` that came with a snapshot: the stream goes on right
   * behind it, so that nothing is lost between the two. A connection that has an id of its own keeps it.
   */
  start(from?: string): void {
    this.#lastId ??= from;
    if (this.#state.phase !== "off" && this.#state.phase !== "no_session") return;
    this.#attempt = 0;
    this.#connect("connecting");
  }

  stop(): void {
    this.#close();
    this.#lastId = undefined;
    this.#set({ phase: "off", missed: undefined });
  }

  /** Limits tracks to one site, or to none; the connection is made anew and goes on where it was. */
  setSite(site: string | undefined): void {
    if (site === this.#site) return;
    this.#site = site;
    if (this.#state.phase === "off" || this.#state.phase === "no_session") return;
    const phase = this.#state.phase;
    this.#close();
    this.#connect(phase === "live" ? "live" : "connecting");
  }

  /** Tries at once instead of waiting for the backoff. */
  retry(): void {
    if (this.#state.phase !== "reconnecting") return;
    this.#attempt = 0;
    this.#close();
    this.#connect("reconnecting");
  }

  forgetMissed(): void {
    this.#set({ missed: undefined });
  }

  #set(change: Partial<LiveState>): void {
    const before = this.#state;
    const phaseChanged = change.phase !== undefined && change.phase !== before.phase;
    this.#state = {
      ...before,
      ...change,
      since: phaseChanged ? this.#options.now() : before.since,
    };
    for (const listener of this.#listeners) listener();
  }

  #close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    this.#abort?.abort();
    this.#abort = undefined;
  }

  #connect(phase: Phase): void {
    const abort = new AbortController();
    this.#abort = abort;
    this.#set({ phase });
    void this.#read(abort);
  }

  async #read(abort: AbortController): Promise<void> {
    try {
      const headers = this.#options.headers();
      headers.set("Accept", "text/event-stream");
      if (this.#lastId !== undefined) headers.set("Last-Event-ID", this.#lastId);
      this.#watch(abort, SILENCE_MS * 2);
      const response = await this.#options.fetch(this.#options.url(this.#site), {
        headers,
        credentials: "same-origin",
        cache: "no-store",
        signal: abort.signal,
      });
      if (abort.signal.aborted) return;
      if (response.status === 401) {
        this.#close();
        this.#set({ phase: "no_session" });
        return;
      }
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      if (this.#state.phase !== "live") this.#set({ phase: "catching_up" });
      this.#watch(abort, SILENCE_MS);
      const parser = createParser({ onEvent: (event) => this.#take(event) });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (abort.signal.aborted) return;
        if (done) break;
        this.#watch(abort, SILENCE_MS);
        parser.feed(value);
      }
    } catch {
      // Whatever broke the line: it is made anew below.
    }
    if (!abort.signal.aborted) this.#again();
  }

  /** An open line on which nothing comes is worse than a closed one. */
  #watch(abort: AbortController, after: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      if (abort !== this.#abort) return;
      this.#again();
    }, after);
  }

  #again(): void {
    this.#close();
    this.#attempt += 1;
    const wait = backoffMs(this.#attempt, this.#options.random);
    this.#set({ phase: "reconnecting" });
    this.#timer = setTimeout(() => this.#connect("reconnecting"), wait);
  }

  #take(message: EventSourceMessage): void {
    const name = message.event ?? "message";
    let data: unknown;
    try {
      data = JSON.parse(message.data);
    } catch {
      // The server sends JSON only; what is none cannot be shown. The id still counts.
      data = undefined;
    }
    if (message.id) this.#lastId = message.id;
    if (data === undefined) return;
    if (name === "clock") this.#clock(data);
    else if (name === "reset" || name === "missed") this.#gap(name, data);
    for (const handler of this.#handlers.get(name as Topic) ?? []) handler(data, message.id);
  }

  #clock(data: unknown): void {
    const { now, lag_ms } = data as { now?: unknown; lag_ms?: unknown };
    const lagMs = typeof lag_ms === "number" ? lag_ms : undefined;
    this.#attempt = 0;
    const wall = typeof now === "string" ? Date.parse(now) : Number.NaN;
    this.#set({
      eventTime: Number.isNaN(wall)
        ? this.#state.eventTime
        : new Date(wall - (lagMs ?? 0)).toISOString(),
      lagMs,
      phase: lagMs !== undefined && lagMs > LAG_LIVE_MS ? "behind" : "live",
    });
  }

  #gap(name: "reset" | "missed", data: unknown): void {
    const fields = data as { missed?: unknown; count?: unknown; topics?: unknown };
    const told = name === "reset" ? fields.missed : fields.count;
    const count = typeof told === "number" ? told : 0;
    const topics = Array.isArray(fields.topics) ? fields.topics.map(String) : [];
    const before = this.#state.missed;
    if (count > 0 || name === "missed") {
      this.#set({
        missed: {
          count: (before?.count ?? 0) + count,
          topics: [...new Set([...(before?.topics ?? []), ...topics])],
          at: this.#options.now(),
        },
      });
    }
    for (const handler of this.#resets) handler();
  }
}
