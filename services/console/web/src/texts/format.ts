/** Numbers, times and spans of one language. */
import type { Language } from "./languages";

export interface Format {
  /** `12.3`: with a fixed number of digits behind the point. */
  number: (value: number, digits?: number) => string;
  /** A share of 1 as `12 %`. */
  percent: (share: number, digits?: number) => string;
  /** `14:03:07` in a time zone (the site's), UTC where none is given. */
  time: (iso: string, zone?: string) => string;
  /** The same without seconds. */
  minute: (iso: string, zone?: string) => string;
  /** `3 Jun 2026, 14:03:07`. */
  dateTime: (iso: string, zone?: string) => string;
  /** `CET`: the zone's short name at that time. */
  zone: (iso: string, zone?: string) => string;
  /** `2 min`, `3 h 5 min`, `4 d`: how long something has lasted, milliseconds. */
  span: (ms: number) => string;
}

/** British English writes 24 hours and the day before the month. */
const TAGS: Record<Language, string> = { en: "en-GB", de: "de-AT" };

function zoned(tag: string, options: Intl.DateTimeFormatOptions) {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (iso: string, zone = "UTC"): string => {
    const at = new Date(iso);
    if (Number.isNaN(at.getTime())) return "–";
    let format = made.get(zone);
    if (!format) {
      try {
        format = new Intl.DateTimeFormat(tag, { ...options, timeZone: zone });
      } catch {
        // A zone that this browser does not know; the title tells UTC anyway.
        format = new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" });
      }
      made.set(zone, format);
    }
    return format.format(at);
  };
}

export function formatFor(language: Language): Format {
  const tag = TAGS[language];
  const numbers = new Map<number, Intl.NumberFormat>();
  const number = (value: number, digits = 0): string => {
    let format = numbers.get(digits);
    if (!format) {
      format = new Intl.NumberFormat(tag, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        // What rounds to nothing has no sign.
        signDisplay: "negative",
      });
      numbers.set(digits, format);
    }
    return format.format(value);
  };
  const clock: Intl.DateTimeFormatOptions = {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  const seconds: Intl.DateTimeFormatOptions = { ...clock, second: "2-digit" };
  return {
    number,
    percent: (share, digits = 0) => `${number(share * 100, digits)}\u00a0%`,
    time: zoned(tag, seconds),
    minute: zoned(tag, clock),
    dateTime: zoned(tag, { ...seconds, day: "numeric", month: "short", year: "numeric" }),
    zone: (iso, zone) => zoneName(tag, iso, zone),
    span: (ms) => span(ms, number),
  };
}

function zoneName(tag: string, iso: string, zone = "UTC"): string {
  try {
    const parts = new Intl.DateTimeFormat(tag, { timeZone: zone, timeZoneName: "short" });
    const name = parts.formatToParts(new Date(iso)).find((part) => part.type === "timeZoneName");
    return name?.value ?? zone;
  } catch {
    return "UTC";
  }
}

/** Units are the symbols of SI and of ISO 80000, the same in every language. */
function span(ms: number, number: (value: number) => string): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${number(seconds)}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${number(minutes)}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const rest = minutes % 60;
    return rest > 0 && hours < 10
      ? `${number(hours)}\u00a0h ${number(rest)}\u00a0min`
      : `${number(hours)}\u00a0h`;
  }
  return `${number(Math.floor(hours / 24))}\u00a0d`;
}
