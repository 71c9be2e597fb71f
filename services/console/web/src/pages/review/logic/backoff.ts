// When to try again.

const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/** Milliseconds until the try after this one (from 1): doubling, with jitter of up to a half. */
export function backoff(tries: number, chance: number, retryAfterS: number | null): number {
  const step = Math.min(FIRST_MS * 2 ** Math.min(tries - 1, 10), MOST_MS);
  const wait = step * (0.75 + chance / 2);
  return Math.max(wait, (retryAfterS ?? 0) * 1000);
}
