import type { EventScene } from "@/api/shapes";

/** The newest frame at an instant (milliseconds since 1970); none before the first. */
export function frameAt(scene: EventScene, at: number): EventScene["frames"][number] | undefined {
  let [low, high] = [0, scene.frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(scene.frames[middle]?.time ?? "") <= at) low = middle + 1;
    else high = middle;
  }
  return scene.frames[low - 1];
}

/** What each signal group showed then. */
export function signalsAt(scene: EventScene, at: number): Record<string, string> {
  return Object.fromEntries(
    scene.signals.flatMap(({ group, history }) => {
      const state = history.findLast((entry) => Date.parse(entry.time) <= at)?.state;
      return state ? [[group, state]] : [];
    }),
  );
}
