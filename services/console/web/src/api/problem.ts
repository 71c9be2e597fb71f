/** A failed request, as RFC 9457 tells it, or as the browser did where no server answered. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(of: {
    status: number;
    type?: string | undefined;
    title: string;
    detail?: string | undefined;
    hint?: string | undefined;
    retryAfter?: number | undefined;
  }) {
    super(of.detail ? `${of.title}: ${of.detail}` : of.title);
    this.name = "Problem";
    this.status = of.status;
    this.type = of.type ?? "about:blank";
    this.title = of.title;
    this.detail = of.detail;
    this.hint = of.hint;
    this.retryAfter = of.retryAfter;
  }

  /** The last part of the type: `csrf` of `/problems/csrf` or of `urn:wayside:problem:csrf`. */
  get kind(): string {
    return this.type.split(/[/:#]/).at(-1) ?? this.type;
  }

  /** No server answered at all. */
  get offline(): boolean {
    return this.status === 0;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What a response that is not 2xx says; the body may be missing or be anything. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const read: unknown = await response.json();
    if (read !== null && typeof read === "object") body = read as Record<string, unknown>;
  } catch {
    // No JSON: the status alone has to do.
  }
  return problemFrom(response, body);
}

/** The same, where the body was read before. */
export function problemFrom(response: Response, body: unknown): Problem {
  const fields = (body !== null && typeof body === "object" ? body : {}) as Record<string, unknown>;
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new Problem({
    status: response.status,
    type: text(fields.type),
    title: text(fields.title) ?? (response.statusText || String(response.status)),
    detail: text(fields.detail),
    hint: text(fields.hint),
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  });
}

/** Whatever was thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: 0, type: "offline", title: "offline", detail });
}
