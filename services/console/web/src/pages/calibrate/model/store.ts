// The draft survives a reload: geometry and names in the browser's local storage, never a picture.

import type { Draft, DraftOrigin } from "./draft";

const KEY = "wayside.calibrate.draft";
const VERSION = 1;
const BYTES_MAX = 2_000_000;

export interface Stored {
  version: number;
  saved: string;
  /** Whose draft it is: another account at the same browser does not get it. */
  account: string;
  draft: Draft;
  origin: DraftOrigin;
  step: number;
}

export function keep(
  storage: Storage,
  account: string,
  draft: Draft,
  origin: DraftOrigin,
  step: number,
  now: Date,
): boolean {
  const stored: Stored = {
    version: VERSION,
    saved: now.toISOString(),
    account,
    draft,
    origin,
    step,
  };
  const text = JSON.stringify(stored);
  if (text.length > BYTES_MAX) return false;
  try {
    storage.setItem(KEY, text);
    return true;
  } catch {
    return false;
  }
}

export function kept(storage: Storage, account: string): Stored | null {
  try {
    const text = storage.getItem(KEY);
    if (!text) return null;
    const stored = JSON.parse(text) as Stored;
    const sound =
      stored.version === VERSION &&
      stored.account === account &&
      typeof stored.draft?.camera === "string" &&
      Array.isArray(stored.draft.points) &&
      typeof stored.draft.site?.site?.id === "string" &&
      typeof stored.origin?.width_px === "number";
    return sound ? stored : null;
  } catch {
    return null;
  }
}

export function forget(storage: Storage): void {
  try {
    storage.removeItem(KEY);
  } catch {
    // A browser without storage has kept nothing.
  }
}
