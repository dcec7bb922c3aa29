const sorted = (values) => [...values].sort((left, right) => left - right)

export function median(values) {
  const ordered = sorted(values)
  const middle = ordered.length >> 1
  return ordered.length % 2 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2
}

export function percentile(values, share) {
  const ordered = sorted(values)
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))]
}

/** Median, least and most of a list. */
export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) })

/** A number as a person reads it: three digits that mean something. */
export function show(value) {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const digits = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2
  return Number(value.toFixed(digits)).toLocaleString('en-US', { minimumFractionDigits: size >= 1000 ? 0 : digits })
}

/** `138 (131..160)` */
export const showSpread = ({ median: middle, min, max }) => `${show(middle)} (${show(min)}..${show(max)})`
