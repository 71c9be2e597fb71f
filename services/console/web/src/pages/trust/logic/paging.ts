// Pages of the audit log, newest first, over an API that counts from the oldest.

export const PAGE = 50;

export interface Page {
  /** Number of the first line. */
  from: number;
  lines: number;
}

/** The page that ends before line `before`; all of `entries` where that is null. */
export function pageBefore(entries: number, before: number | null): Page {
  const end = Math.min(before ?? entries, entries);
  const from = Math.max(0, end - PAGE);
  return { from, lines: Math.max(end - from, 0) };
}

/** Where the next older page ends; none at the beginning. */
export function older(page: Page): number | null {
  return page.from > 0 ? page.from : null;
}

/** Where the next newer page ends; none at the newest. */
export function newer(page: Page, entries: number): number | null {
  const end = page.from + page.lines;
  return end < entries ? Math.min(end + PAGE, entries) : null;
}
