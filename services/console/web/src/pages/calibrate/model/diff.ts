// A line by line difference of two texts: the longest common subsequence, with equal beginnings and
// ends taken off first.

export interface DiffLine {
  kind: "same" | "gone" | "new";
  text: string;
  /** Line in the old and in the new text, from 1. */
  old: number | null;
  now: number | null;
}

const CELLS_MAX = 4_000_000;

export function diff(before: string, after: string): DiffLine[] {
  const a = lines(before);
  const b = lines(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  ) {
    tail += 1;
  }
  const out: DiffLine[] = [];
  const same = (i: number, j: number): void => {
    out.push({ kind: "same", text: a[i] ?? "", old: i + 1, now: j + 1 });
  };
  for (let i = 0; i < head; i += 1) same(i, i);
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head, out);
  for (let i = 0; i < tail; i += 1) same(a.length - tail + i, b.length - tail + i);
  return out;
}

function middle(a: readonly string[], b: readonly string[], from: number, out: DiffLine[]): void {
  const gone = (i: number): void => {
    out.push({ kind: "gone", text: a[i] ?? "", old: from + i + 1, now: null });
  };
  const fresh = (j: number): void => {
    out.push({ kind: "new", text: b[j] ?? "", old: null, now: from + j + 1 });
  };
  if (a.length * b.length > CELLS_MAX) {
    for (const i of a.keys()) gone(i);
    for (const j of b.keys()) fresh(j);
    return;
  }
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: "same", text: a[i] ?? "", old: from + i + 1, now: from + j + 1 });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      gone(i);
      i += 1;
    } else {
      fresh(j);
      j += 1;
    }
  }
}

function lines(text: string): string[] {
  const all = text.split(/\r?\n/);
  if (all[all.length - 1] === "") all.pop();
  return all;
}

/** Changed lines with `around` lines of context; null marks lines left out. */
export function hunks(all: readonly DiffLine[], around = 3): (DiffLine | null)[] {
  const keep = new Set<number>();
  all.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let k = index - around; k <= index + around; k += 1) keep.add(k);
  });
  const out: (DiffLine | null)[] = [];
  all.forEach((line, index) => {
    if (keep.has(index)) out.push(line);
    else if (out.length === 0 || out[out.length - 1] !== null) out.push(null);
  });
  return out;
}
