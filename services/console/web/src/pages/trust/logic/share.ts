// Shares with their intervals on one axis, so that rows can be compared by eye.

export interface Share {
  count: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

/** Of fewer cases an interval says little, and it does not stretch everybody's axis. */
const CASES_MIN = 10;

/** The end of an axis that holds the intervals: a tenth, a quarter, a half, or all. */
export function axisEnd(shares: readonly Share[]): number {
  const many = shares.filter((one) => one.of >= CASES_MIN);
  const most = Math.max(0, ...(many.length > 0 ? many : shares).map((one) => one.high));
  return [0.1, 0.25, 0.5].find((end) => most <= end) ?? 1;
}

/** Reasons by how often they were given, most often first. */
export function byCount(reasons: Record<string, number>): [string, number][] {
  return Object.entries(reasons).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
