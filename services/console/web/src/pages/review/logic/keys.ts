// The keyboard of the review desk: which command a key is, in which mode. The shell keeps keys away that
// belong to a field, a button or the browser.

import type { Mode } from "./session";

export type Command =
  | { act: "take" }
  | { act: "approve" }
  | { act: "reject" }
  | { act: "reason"; number: number }
  | { act: "send_back" }
  | { act: "undo" }
  | { act: "release" }
  | { act: "plate" }
  | { act: "note" }
  | { act: "back" }
  | { act: "play" }
  | { act: "speed" }
  | { act: "step"; frames: number }
  | { act: "jump"; way: 1 | -1 }
  | { act: "edge"; end: 1 | -1 }
  | { act: "enlarge"; picture: number }
  | { act: "outline" }
  | { act: "derivation" };

/** Keys by what they do, in the order of the help. Later keys are the same key on other keyboards. */
export const KEYS = {
  take: ["Enter", "n", "N"],
  approve: ["a", "A"],
  reject: ["r", "R"],
  send_back: ["s", "S"],
  undo: ["u", "U"],
  release: ["x", "X"],
  plate: ["p", "P"],
  note: ["m", "M"],
  play: [" "],
  back_one: [","],
  on_one: ["."],
  back_ten: ["<", ";"],
  on_ten: [">", ":"],
  moment_before: ["[", "ö", "Ö"],
  moment_after: ["]", "ä", "Ä"],
  first: ["Home"],
  last: ["End"],
  speed: ["v", "V"],
  enlarge: ["1", "2", "3", "4"],
  outline: ["b", "B"],
  derivation: ["d", "D"],
  back: ["Escape"],
} as const;

export type KeyName = keyof typeof KEYS;

const COMMANDS: Record<Exclude<KeyName, "enlarge">, Command> = {
  take: { act: "take" },
  approve: { act: "approve" },
  reject: { act: "reject" },
  send_back: { act: "send_back" },
  undo: { act: "undo" },
  release: { act: "release" },
  plate: { act: "plate" },
  note: { act: "note" },
  play: { act: "play" },
  back_one: { act: "step", frames: -1 },
  on_one: { act: "step", frames: 1 },
  back_ten: { act: "step", frames: -10 },
  on_ten: { act: "step", frames: 10 },
  moment_before: { act: "jump", way: -1 },
  moment_after: { act: "jump", way: 1 },
  first: { act: "edge", end: -1 },
  last: { act: "edge", end: 1 },
  speed: { act: "speed" },
  outline: { act: "outline" },
  derivation: { act: "derivation" },
  back: { act: "back" },
};

/** Keys that do the same again while they are held down. */
export const REPEATS: readonly KeyName[] = ["back_one", "on_one", "back_ten", "on_ten"];

/** What may be done while a reason is being chosen: look closer, and nothing that decides. */
const BESIDE: readonly Command["act"][] = ["play", "speed", "step", "jump", "edge", "outline"];

/** The command of a key; none where it has none in this mode. */
export function command(mode: Mode, key: string): Command | null {
  const number = /^[0-9]$/.test(key) ? Number(key) : null;
  if (mode === "reason" && number !== null) {
    return { act: "reason", number: number === 0 ? 10 : number };
  }
  if (number !== null)
    return number >= 1 && number <= 4 ? { act: "enlarge", picture: number } : null;
  const names = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];
  const name = names.find((one) => (KEYS[one] as readonly string[]).includes(key));
  const found = name ? COMMANDS[name] : null;
  if (!found || mode !== "reason") return found;
  if (found.act === "reject") return { act: "back" };
  return found.act === "back" || BESIDE.includes(found.act) ? found : null;
}

/** The keys of a command as the help lists them: without capitals and keys of other keyboards. */
export function helpKeys(name: KeyName): readonly string[] {
  if (name === "take") return ["Enter", "n"];
  return name === "enlarge" ? KEYS.enlarge : KEYS[name].slice(0, 1);
}

/** The key that stands on the buttons. */
export function keyCap(name: KeyName): string {
  const [key = ""] = KEYS[name];
  return key === " " ? "␣" : key.length === 1 ? key.toUpperCase() : key;
}
