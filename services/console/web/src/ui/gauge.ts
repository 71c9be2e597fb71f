/** Places on an axis of `width` units for a value, its interval and its limit, with margins. */
export function gauge(
  value: number,
  low: number,
  high: number,
  limit: number | null | undefined,
  width = 200,
): { value: number; low: number; high: number; limit: number | undefined } {
  const all = [value, low, high, ...(limit == null ? [] : [limit])].filter(Number.isFinite);
  const least = Math.min(...all);
  const most = Math.max(...all);
  const span = most - least || Math.max(1, Math.abs(most));
  const from = least - span * 0.15;
  const scale = width / (span * 1.3);
  const at = (x: number) => Math.min(width, Math.max(0, (x - from) * scale));
  return {
    value: at(value),
    low: at(low),
    high: at(high),
    limit: limit == null ? undefined : at(limit),
  };
}
