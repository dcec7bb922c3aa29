import { epochMillis, isoMicros, parseSpan } from '../formats/time.ts'

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/

/** Epoch milliseconds of a time; a span is that long before `now`. Undefined when it is neither. */
export function parseMoment(given: unknown, now: number): number | undefined {
  if (given instanceof Date) return parseMoment(given.getTime(), now)
  if (typeof given === 'number') return Math.abs(given) < 9e12 ? given : undefined
  if (typeof given !== 'string') return undefined
  const span = parseSpan(given)
  if (span !== undefined) return now - span
  return /^\d{11,13}(\.\d+)?$/.test(given) ? Number(given) : parseIso(given.trim())
}

/** Without a zone it is UTC, like the times in files. */
function parseIso(text: string): number | undefined {
  const day = ISO.exec(text)?.[1]
  if (!day || isoMicros(Date.parse(day)).slice(0, 10) !== day) return undefined
  const time = epochMillis(text === day ? `${day}T00:00` : text)
  return time === 0 && !text.startsWith('1970-01-01') && !text.startsWith('1969-12-31') ? undefined : time
}

/**
 * The least text that a time in UTC or without a zone can have at that moment: `2026-11-22T22:35:57.14`. Any way to write the
 * fraction and the zone goes on from there, so that texts compare like the times they are.
 */
export function lowerBound(epochMs: number): string {
  return isoMicros(epochMs)
    .slice(0, 26)
    .replace(/\.?0*$/, '')
}
