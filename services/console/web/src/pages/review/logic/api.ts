// What the desk asks of the server. Plates are in bodies alone: in no address, and nothing here keeps one.

import { addCredentials } from "@/api/credentials";
import type { components } from "@/api/generated/review";
import { get, post, send } from "@/api/http";
import type { Role } from "@/api/shapes";
import type { Reading } from "./plate";
import type { Answer, CaseDetail, Choice, Claim } from "./session";

type Schemas = components["schemas"];
export type QueueCounts = Schemas["QueueJson"];
export type Reason = Schemas["ReasonJson"];

const BASE = "/api/review/v1";
const of = (id: string, rest: string): string => `${BASE}/cases/${encodeURIComponent(id)}${rest}`;

export class DeskApi {
  /** Milliseconds that the server's clock is ahead of this machine's. */
  #ahead = 0;

  constructor(readonly role: Role) {}

  /** The server's clock, milliseconds since 1970, to about a second. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  #listen(response: Response): Response {
    const told = Date.parse(response.headers.get("date") ?? "");
    // The header has whole seconds: its middle errs the least.
    if (!Number.isNaN(told)) this.#ahead = told + 500 - Date.now();
    return response;
  }

  async #post<T>(path: string, body: unknown): Promise<T> {
    const response = this.#listen(await send("POST", path, { body, role: this.role }));
    return response.status === 204 ? (null as T) : ((await response.json()) as T);
  }

  /** The next case; none where nothing waits that this reviewer may decide. */
  claim(): Promise<Claim | null> {
    return this.#post<Claim | null>(`${BASE}/claims`, {});
  }

  heartbeat(id: string, token: string): Promise<Schemas["HeldJson"]> {
    return this.#post(of(id, "/heartbeat"), { token });
  }

  release(id: string, token: string): Promise<void> {
    return this.#post(of(id, "/release"), { token });
  }

  decide(id: string, token: string, choice: Choice): Promise<Answer | null> {
    return this.#post(...request(id, token, choice));
  }

  async undo(id: string): Promise<void> {
    await post(of(id, "/undo"), undefined, { role: this.role });
  }

  look(id: string): Promise<CaseDetail> {
    return get<CaseDetail>(of(id, ""), { role: this.role });
  }

  async readings(id: string): Promise<Reading[]> {
    const read = await get<Schemas["SuggestionsJson"]>(of(id, "/plate-suggestion"), {
      role: this.role,
    });
    return read.suggestions;
  }

  part(id: string, name: string, signal: AbortSignal): Promise<Response> {
    return send("GET", of(id, `/evidence/${name}`), { role: this.role, signal });
  }

  queue(): Promise<QueueCounts> {
    return get(`${BASE}/queue`, { role: this.role });
  }

  reasons(): Promise<Reason[]> {
    return get(`${BASE}/reasons`, { role: this.role });
  }

  /** The same as `release` and `decide` while the page goes: nobody waits for the answer. */
  farewell(id: string, token: string, choice: Choice | null): void {
    const [path, body] = choice ? request(id, token, choice) : [of(id, "/release"), { token }];
    const headers = new Headers({ "Content-Type": "application/json", "Wayside-Role": this.role });
    addCredentials(headers, "POST");
    const init: RequestInit = {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      keepalive: true,
      credentials: "same-origin",
    };
    void fetch(path, init).catch(() => undefined);
  }
}

function request(id: string, token: string, choice: Choice): [string, unknown] {
  if (choice.kind === "send_back") return [of(id, "/send-back"), { token, why: choice.why }];
  const { kind: decision, note } = choice;
  const plate = choice.kind === "approve" && choice.plate !== null ? { plate: choice.plate } : {};
  const reason = choice.kind === "reject" ? { reason: choice.reason } : {};
  return [of(id, "/decision"), { token, decision, note, ...plate, ...reason }];
}
