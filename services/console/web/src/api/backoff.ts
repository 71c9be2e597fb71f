/**
 * Milliseconds to wait before attempt `attempt` (from 1): doubles from 0.5 s up to 15 s, and half of it is
 * by chance, so that many consoles do not all come back in the same instant.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(15_000, 500 * 2 ** Math.min(attempt - 1, 10));
  return full / 2 + (full / 2) * random();
}
