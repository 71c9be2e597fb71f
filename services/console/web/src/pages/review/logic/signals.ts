// What a signal group showed over a stretch of time, out of a package's `signals.json`.

import { micros } from "./instants";

export interface SignalRecord {
  at: number;
  group: string;
  state: string;
}

export interface Band {
  from: number;
  to: number;
  state: string;
  /** When this state began; none where that is before the first record. */
  since: number | null;
}

/** Records in order of time; what cannot be read is left out and counted. */
export function signalRecords(file: unknown): { records: SignalRecord[]; unread: number } {
  const listed = (file as { records?: unknown } | null)?.records;
  if (!Array.isArray(listed)) return { records: [], unread: 0 };
  const records: SignalRecord[] = [];
  for (const one of listed as Record<string, unknown>[]) {
    const at = typeof one?.time === "string" ? micros(one.time) : null;
    if (at !== null && typeof one.group === "string" && typeof one.state === "string") {
      records.push({ at, group: one.group, state: one.state });
    }
  }
  records.sort((a, b) => a.at - b.at);
  return { records, unread: listed.length - records.length };
}

/** Bands that cover `from` to `to` without a gap; `unknown` before the first record. */
export function bands(records: SignalRecord[], group: string, from: number, to: number): Band[] {
  const found: Band[] = [];
  let state = "unknown";
  let since: number | null = null;
  let begin = from;
  for (const record of records) {
    if (record.group !== group || record.state === state) continue;
    if (record.at >= to) break;
    if (record.at > begin) {
      found.push({ from: begin, to: record.at, state, since });
      begin = record.at;
    }
    state = record.state;
    since = record.at;
  }
  found.push({ from: begin, to, state, since });
  return found;
}

/** What the group showed at an instant. */
export function stateAt(records: SignalRecord[], group: string, at: number): Band {
  const [band] = bands(records, group, at, at + 1);
  return band ?? { from: at, to: at + 1, state: "unknown", since: null };
}
