/** Requests to our own server. Throws `Problem`, and nothing else. */
import createClient, { type ClientOptions, type Middleware } from "openapi-fetch";
import { addCredentials } from "./credentials";
import type { paths as ReviewPaths } from "./generated/review";
import { asProblem, Problem, problemFrom, problemOf } from "./problem";
import type { Role } from "./shapes";

/** Listeners of "the session has ended", told by any request that was answered with 401. */
const signedOut = new Set<() => void>();

export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

function tellSignedOut(): void {
  for (const listener of signedOut) listener();
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Acts in this role instead of the one chosen in the shell. */
  role?: Role;
  signal?: AbortSignal;
  /** A 401 is an answer here (who is signed in?), no end of a session. */
  quiet?: boolean;
}

function url(path: string, query: RequestOptions["query"]): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return path;
  return `${path}?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

/** A request with a JSON, raw (Blob, FormData) or no body; the response is known to be 2xx. */
export async function send(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  if (options.role) headers.set("Wayside-Role", options.role);
  addCredentials(headers, method);
  let body: BodyInit | undefined;
  if (options.body instanceof Blob || options.body instanceof FormData) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw asProblem(error);
  }
  if (!response.ok) {
    if (response.status === 401 && !options.quiet) tellSignedOut();
    throw await problemOf(response);
  }
  return response;
}

async function json<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** `get<Overview>("/api/v1/overview")`. */
export async function get<T>(path: string, options?: RequestOptions): Promise<T> {
  return json<T>(await send("GET", path, options));
}

export async function post<T = void>(
  path: string,
  body?: unknown,
  options?: RequestOptions,
): Promise<T> {
  return json<T>(await send("POST", path, { ...options, body }));
}

export async function put<T = void>(
  path: string,
  body: unknown,
  options?: RequestOptions,
): Promise<T> {
  return json<T>(await send("PUT", path, { ...options, body }));
}

export async function patch<T = void>(
  path: string,
  body: unknown,
  options?: RequestOptions,
): Promise<T> {
  return json<T>(await send("PATCH", path, { ...options, body }));
}

export async function remove<T = void>(path: string, options?: RequestOptions): Promise<T> {
  return json<T>(await send("DELETE", path, options));
}

const middleware: Middleware = {
  onRequest({ request }) {
    addCredentials(request.headers, request.method);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) tellSignedOut();
    return undefined;
  },
  onError({ error }) {
    return asProblem(error);
  },
};

function client<Paths extends object>(options: ClientOptions) {
  const made = createClient<Paths>({
    credentials: "same-origin",
    fetch: (request) => fetch(request),
    ...options,
  });
  made.use(middleware);
  return made;
}

/** The API of review: `await answer(review.GET("/v1/queue"))`. */
export const review = client<ReviewPaths>({ baseUrl: "/api/review" });

/** The data of an openapi-fetch call; throws `Problem` where the answer was none. */
export async function answer<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let got: { data?: T; error?: unknown; response: Response };
  try {
    got = await call;
  } catch (error) {
    throw error instanceof Problem ? error : asProblem(error);
  }
  if (!got.response.ok) throw problemFrom(got.response, got.error);
  return got.data as T;
}
