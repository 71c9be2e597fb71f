// The plate while a person confirms or corrects it. It is in memory alone: nothing here writes it
// anywhere, and no message repeats it.

/** As `wayside-plates` takes them. */
const LENGTH_MIN = 2;
const LENGTH_MAX = 12;
const SEPARATORS = /[-.\s\u00b7\u2022\u2010-\u2015\u2212]/u;

export type PlateProblem =
  | { kind: "empty" }
  | { kind: "length"; found: number }
  | { kind: "character"; place: number };

/** Capitals and digits without separators, or what is wrong and where; never the text. */
export function readPlate(text: string): { plate: string } | { problem: PlateProblem } {
  let plate = "";
  let place = 0;
  for (const character of text) {
    place += 1;
    const capital = character.toUpperCase();
    if (/^[A-Z0-9]$/.test(capital)) plate += capital;
    else if (!SEPARATORS.test(character)) return { problem: { kind: "character", place } };
  }
  if (plate.length === 0) return { problem: { kind: "empty" } };
  if (plate.length < LENGTH_MIN || plate.length > LENGTH_MAX) {
    return { problem: { kind: "length", found: plate.length } };
  }
  return { plate };
}

export interface Reading {
  plate: string;
  confidence: number;
}

export interface Doubt {
  character: string;
  /** Share of the other readings' weight that says something else here, 0 to 1. */
  doubt: number;
  /** What they say, the likeliest first; empty text where they have no character here. */
  others: string[];
}

/**
 * The likeliest reading, character by character, with what the other readings say at the same place.
 * The places are matched by the fewest changes between the texts (Wagner and Fischer, 1974).
 */
export function doubts(readings: Reading[]): Doubt[] {
  const [best, ...rest] = readings;
  if (!best) return [];
  const all = readings.reduce((sum, reading) => sum + Math.max(reading.confidence, 0), 0);
  const found = [...best.plate].map((character) => ({
    character,
    doubt: 0,
    others: new Map<string, number>(),
  }));
  for (const other of rest) {
    const weight = all > 0 ? Math.max(other.confidence, 0) / all : 0;
    matched(best.plate, other.plate).forEach((there, place) => {
      const here = found[place];
      if (!here || there === here.character) return;
      here.doubt += weight;
      here.others.set(there, (here.others.get(there) ?? 0) + weight);
    });
  }
  return found.map(({ character, doubt, others }) => ({
    character,
    doubt,
    others: [...others].sort((a, b) => b[1] - a[1]).map(([text]) => text),
  }));
}

/** For each character of `a` the one of `b` at its place, or nothing. */
function matched(a: string, b: string): string[] {
  const width = b.length + 1;
  const cost = new Array<number>((a.length + 1) * width).fill(0);
  const at = (i: number, j: number): number => cost[i * width + j] ?? 0;
  for (let i = 0; i <= a.length; i += 1) {
    for (let j = 0; j <= b.length; j += 1) {
      cost[i * width + j] =
        i === 0 || j === 0
          ? i + j
          : Math.min(
              at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
              at(i - 1, j) + 1,
              at(i, j - 1) + 1,
            );
    }
  }
  const found = new Array<string>(a.length).fill("");
  let [i, j] = [a.length, b.length];
  while (i > 0 && j > 0) {
    if (at(i, j) === at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)) {
      found[i - 1] = b[j - 1] ?? "";
      i -= 1;
      j -= 1;
    } else if (at(i, j) === at(i - 1, j) + 1) i -= 1;
    else j -= 1;
  }
  return found;
}
