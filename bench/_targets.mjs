import { show } from './_stats.mjs'

const KINDS = {
  atMost: { sign: '≤', holds: (value, limit) => value <= limit },
  atLeast: { sign: '≥', holds: (value, limit) => value >= limit }
}

/**
 * Something promised, and how to read its figure from one runtime's results.
 * @param {'atMost' | 'atLeast'} kind
 */
export function promise(what, kind, limit, unit, figure) {
  const { sign, holds } = KINDS[kind]
  const judge = (results) => {
    const value = attempt(() => figure(results))
    return value === undefined ? '–' : `${show(value)}${unit}, ${holds(value, limit) ? 'met' : 'not met'}`
  }
  return { what, target: `${sign} ${show(limit)}${unit}`, judge }
}

/** A run of some contenders or workloads answers only some promises. */
function attempt(figure) {
  try {
    return figure()
  } catch {
    return undefined
  }
}

/** How many times the first costs the second, by way of the floor that each was measured against. */
const times = (slow, fast) => slow.ratio.median / fast.ratio.median

/** The same with the clock left out: what each adds to the floor. */
const timesAdded = (slow, fast) => (slow.ratio.median - 1) / Math.max(0, fast.ratio.median - 1)

/** What was promised of a wrapped call. */
export const wrapPromises = [
  promise('ring only, over the floor', 'atMost', 1.25, '', ({ ints }) => ints.ring.ratio.median),
  promise('streaming in bursts, over the floor', 'atMost', 1.3, '', ({ ints }) => ints.bursts.ratio.median),
  promise('streaming in one loop, all included', 'atMost', 1000, ' ns', ({ ints }) => ints.block.total.median),
  promise('pino, over ring only', 'atLeast', 15, '×', ({ ints }) => times(ints.pino, ints.ring)),
  promise('pino to its file destination, over ring only', 'atLeast', 15, '×', ({ ints }) =>
    times(ints['pino-file'], ints.ring)
  ),
  promise('OpenTelemetry, over ring only', 'atLeast', 15, '×', ({ ints }) => times(ints.otel, ints.ring)),
  promise('nested object, over the floor', 'atMost', 5, '', ({ object }) => object.ring.ratio.median),
  promise('nested object: JSON.stringify, over ring only', 'atLeast', 3, '×', ({ object }) =>
    times(object.json, object.ring)
  ),
  promise('below the level, over the bare call', 'atMost', 15, ' ns', ({ ints }) => ints.below.overBare.median),
  promise('sampled out, over the bare call', 'atMost', 15, ' ns', ({ ints }) => ints.sampled.overBare.median),
  promise('async function, over the bare one', 'atMost', 350, ' ns', ({ async }) => async.ring.overBare.median)
]

/** No promise, but the comparison without the clock: what one adds to the floor over what the other adds. */
const added = (what, figure) => ({ what, target: '', judge: (results) => show(attempt(() => figure(results))) })

export const addedCosts = [
  added('added by pino, over added by ring only', ({ ints }) => timesAdded(ints.pino, ints.ring)),
  added('added by OpenTelemetry, over added by ring only', ({ ints }) => timesAdded(ints.otel, ints.ring)),
  added('nested object: added by JSON.stringify, over ring only', ({ object }) => timesAdded(object.json, object.ring))
]

/** What was promised of a call that ends in a file. */
export const filePromises = [
  promise('JSON lines to a file, over pino', 'atMost', 0.6, '×', ({ ints }) => ints.json.ratio),
  promise('CSV to a file, over pino', 'atMost', 0.6, '×', ({ ints }) => ints.csv.ratio),
  promise('nested object, JSON lines, over pino', 'atMost', 0.6, '×', ({ object }) => object.json.ratio),
  promise('nested object, CSV, over pino', 'atMost', 0.6, '×', ({ object }) => object.csv.ratio)
]
