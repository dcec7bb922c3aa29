/** nfo in one of its modes. `entry` is the built package for the runtime at hand. */
export async function create({ entry, sample = 1, destination: _none, ...options }) {
  const { createLogger, memorySink } = await import(entry)
  const memory = memorySink({ entries: 1000 })
  const logger = createLogger({ level: 'info', sinks: [memory], ...options })
  return {
    wrap: (fn, name) => logger.wrap(fn, { name, level: 'info', sample }),
    finish: () => logger.flushSync(),
    records: () => [...bySequence(memory.entries(), logger.dump()).values()].map(toRecord),
    audit: (calls) => audit(logger.stats(), calls, options, sample)
  }
}

/** A ring that spoke up on an error has entries in the sink and may still show them in the dump: each counts once. */
const bySequence = (...lists) => new Map(lists.flat().map((entry) => [entry.sequence, entry]))

const toRecord = ({ functionName, level, args, returnValue, exceptionType, exception, durationMs }) => ({
  functionName,
  level,
  args,
  result: returnValue,
  exceptionType,
  exception,
  durationMs
})

/** Says what is wrong with the ledger after `calls` calls, if anything is. */
function audit(ledger, calls, { delivery, level }, sample) {
  const { accepted, delivered, dropped, failed, pending } = ledger
  const expected = level === 'error' || sample === 0 ? 0 : calls
  if (accepted !== expected) return `accepted ${accepted} of ${expected} calls`
  if (accepted !== delivered + dropped + failed + pending) return `ledger does not add up: ${JSON.stringify(ledger)}`
  if (delivery === 'continuous' && delivered !== accepted) return `delivered ${delivered} of ${accepted}`
  return undefined
}
