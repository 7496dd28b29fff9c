// Numbers for people.

const PREFIXES = ["", "k", "M", "G", "T"];

/** 1234567, "B" -> "1.2 MB"; 1 kB is 1000 bytes, as in the API. */
export function scaled(value, unit) {
  let step = 0;
  while (value >= 1000 && step < PREFIXES.length - 1) {
    value /= 1000;
    ++step;
  }
  const digits = value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${PREFIXES[step]}${unit}`.trim();
}

export const bytes = (count) => scaled(count, "B");
export const rate = (perSecond) => scaled(perSecond, "B/s");

export function milliseconds(value) {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  if (value >= 100 || value === 0) return `${value.toFixed(0)} ms`;
  return `${value.toFixed(value >= 1 ? 1 : 2)} ms`;
}

export function age(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** The time of day of an RFC 3339 time, with milliseconds, in the zone of who reads it. */
export function timeOfDay(text) {
  const when = new Date(text);
  return `${when.toLocaleTimeString([], {hour12: false})}.${String(when.getMilliseconds()).padStart(3, "0")}`;
}

/** 1, "hit" -> "1 hit"; 2, "hit" -> "2 hits". */
export const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
