/** Counts of lanes, gathered by approach. */
import type { FlowMinutes, SitePlan } from "@/api/shapes";

export interface Approach {
  name: string;
  /** Vehicles in each minute; null where not every lane was observed. */
  vehicles: (number | null)[];
  /** Mean of the lanes' occupancies, 0 to 1; null where nothing was observed. */
  occupancy: (number | null)[];
}

export interface FlowByApproach {
  /** Begins of the minutes, seconds since 1970. */
  times: number[];
  approaches: Approach[];
}

/** Lanes that lead to a stop line, or all where the junction has none. */
function lanesIn(plan: SitePlan): Set<string> {
  const named = plan.stop_lines.flatMap((line) => line.lanes);
  return new Set(named.length > 0 ? named : plan.lanes.map((lane) => lane.id));
}

const MINUTES_MAX = 60;

export function byApproach(plan: SitePlan, flow: readonly FlowMinutes[]): FlowByApproach {
  const wanted = lanesIn(plan);
  const approachOf = new Map(plan.lanes.map((lane) => [lane.id, lane.approach ?? lane.id]));
  const lanes = flow.filter((lane) => wanted.has(lane.lane));
  const seconds = new Set(
    lanes.flatMap((lane) => lane.minutes.map((minute) => Date.parse(minute.from) / 1000)),
  );
  const last = Math.max(...seconds);
  const first = Math.max(Math.min(...seconds), last - (MINUTES_MAX - 1) * 60);
  const times: number[] = [];
  // Every minute stands on the axis, so that one without observation is a hole and not a line.
  for (let at = first; at <= last; at += 60) times.push(at);

  const groups = new Map<string, Map<number, { vehicles: number; occupancy: number | null }>[]>();
  for (const lane of lanes) {
    const approach = approachOf.get(lane.lane) ?? lane.lane;
    const minutes = new Map(
      lane.minutes.map((minute) => [
        Date.parse(minute.from) / 1000,
        { vehicles: minute.vehicles, occupancy: minute.occupancy ?? null },
      ]),
    );
    groups.set(approach, [...(groups.get(approach) ?? []), minutes]);
  }
  const approaches = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, ofLanes]) => ({
      name,
      vehicles: times.map((at) => {
        const counts = ofLanes.map((lane) => lane.get(at)?.vehicles);
        return counts.some((count) => count === undefined)
          ? null
          : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
      }),
      occupancy: times.map((at) => {
        const shares = ofLanes.flatMap((lane) => lane.get(at)?.occupancy ?? []);
        return shares.length === 0
          ? null
          : shares.reduce((sum, one) => sum + one, 0) / shares.length;
      }),
    }));
  return { times, approaches };
}
