/** What `<input type="datetime-local">` shows for an instant, in the browser's time zone. */
export function localInput(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The span from there on, in UTC; null where the input is none. */
export function spanOf(from: string, minutes: number): { from: string; to: string } | null {
  const start = new Date(from);
  if (Number.isNaN(start.getTime()) || !(minutes > 0)) return null;
  return {
    from: start.toISOString(),
    to: new Date(start.getTime() + minutes * 60_000).toISOString(),
  };
}
