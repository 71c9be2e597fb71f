// Instants as the API writes them, RFC 3339 in UTC with up to six decimals, as whole microseconds since
// 1970: a double holds them exactly until the year 2255.

const FORM = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;

/** Microseconds since 1970; none where the text is no instant in UTC. */
export function micros(text: string): number | null {
  const found = FORM.exec(text);
  if (!found) return null;
  const seconds = Date.parse(`${found[1]}Z`);
  if (Number.isNaN(seconds)) return null;
  const fraction = (found[2] ?? "").padEnd(6, "0").slice(0, 6);
  return seconds * 1000 + Number(fraction);
}

/** Milliseconds since 1970, for clocks. */
export function millis(text: string): number | null {
  const us = micros(text);
  return us === null ? null : us / 1000;
}

/** The instant as the API writes it. */
export function written(us: number): string {
  const whole = Math.floor(us / 1000);
  const rest = String(us - whole * 1000).padStart(3, "0");
  return new Date(whole).toISOString().replace("Z", `${rest}Z`);
}
