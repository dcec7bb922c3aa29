import { devNull } from 'node:os'

const RING = { delivery: 'on-error' }
const STREAM = { delivery: 'continuous', overflow: 'block' }

/**
 * Everything that is measured, in the order of the tables.
 * `silent`: records nothing of a call that returns. `bursts`: 500 calls between two turns of the event loop, the
 * caller's time alone in the first figure. `drained`: everything is delivered within the measured time.
 */
export const contenders = [
  { id: 'ring', name: 'nfo, ring only', file: './nfo.mjs', settings: RING },
  { id: 'below', name: 'nfo, below the level', file: './nfo.mjs', settings: { ...RING, level: 'error' }, silent: true },
  { id: 'sampled', name: 'nfo, sampled out', file: './nfo.mjs', settings: { ...RING, sample: 0 }, silent: true },
  {
    id: 'bursts',
    name: 'nfo, streaming, bursts of 500',
    file: './nfo.mjs',
    settings: STREAM,
    bursts: true,
    drained: true
  },
  { id: 'block', name: 'nfo, streaming, one loop', file: './nfo.mjs', settings: STREAM, drained: true },
  { id: 'json', name: 'JSON.stringify', file: './json.mjs' },
  { id: 'pino', name: 'pino', file: './pino.mjs' },
  { id: 'pino-file', name: 'pino, its file destination', file: './pino.mjs', settings: { path: devNull } },
  { id: 'logtape', name: 'LogTape', file: './logtape.mjs' },
  { id: 'tslog', name: 'tslog', file: './tslog.mjs' },
  { id: 'winston', name: 'winston', file: './winston.mjs' },
  { id: 'otel', name: 'OpenTelemetry', file: './otel.mjs' }
]

/** Builds one contender by its id. */
export async function createContender(id, { destination, entry }) {
  const contender = contenders.find((candidate) => candidate.id === id)
  const { create } = await import(contender.file)
  return { ...contender, ...(await create({ destination, entry, ...contender.settings })) }
}
