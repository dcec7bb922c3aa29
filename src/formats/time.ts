let lastSecond = Number.NaN
let lastText = ''

/**
 * Epoch milliseconds as ISO-8601 UTC with microseconds: `2026-11-22T22:35:57.140356+00:00`.
 * What is no time, or lies outside the years 1685 to 2255, is written as 1970.
 */
export function isoMicros(epochMs: number): string {
  const micros = Math.abs(epochMs) < 9e12 ? Math.round(epochMs * 1000) : 0
  const second = Math.floor(micros / 1e6)
  // A batch spans few seconds, and a Date costs more than the rest of the line's head.
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -4)
    lastSecond = second
  }
  return `${lastText}${`${1e6 + micros - second * 1e6}`.slice(1)}+00:00`
}

/** The inverse of `isoMicros`, exact to the microsecond. Takes any ISO-8601 time, without a zone as UTC; else gives 0. */
export function epochMillis(text: string): number {
  const [, day, time, fraction = '', zone = 'Z'] = /^(\S+?)[T ]([\d:]+)(?:\.(\d+))?(\D.*)?$/.exec(text) ?? []
  const micros = Date.parse(`${day}T${time}${zone}`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
  return micros / 1000 || 0
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000
}

/** Milliseconds of a span such as `250ms`, `1.5s`, `30m`, `24h`, `7d`, `2w`; undefined when it is none. */
export function parseSpan(text: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?(ms|[smhdw])$/.exec(text.trim()) ?? []
  return unit === undefined ? undefined : Number(count) * UNITS[unit]
}
