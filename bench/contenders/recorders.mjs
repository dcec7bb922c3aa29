import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** As pino's page on asynchronous logging has it. */
const ASYNCHRONOUS = { sync: false, minLength: 4096 }

const linesIn = async (path) => readFileSync(path, 'utf8').split('\n').filter(isWhole).length

function isWhole(line) {
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}

/**
 * What writes messages to a file, set up as its documentation says, and how to count those that are there afterwards.
 * OpenTelemetry has no file: its spans go to a collector by OTLP, over loopback, which counts them.
 */
export const recorders = [
  { id: 'nfo', name: 'nfo, JSON lines', open: openNfo, count: linesIn },
  {
    id: 'record',
    name: 'nfo, record file',
    open: ({ path, entries }) => openNfoRecord(entries, { path }),
    count: recovered
  },
  {
    id: 'record-each',
    name: 'nfo, record file, each',
    open: ({ path, entries }) => openNfoRecord(entries, { path, durability: 'each' }),
    count: recovered
  },
  { id: 'pino', name: 'pino, asynchronous', open: (where) => openPino(where, ASYNCHRONOUS), count: linesIn },
  { id: 'pino-thread', name: 'pino, transport thread', open: openPinoThread, count: linesIn },
  { id: 'pino-sync', name: 'pino, synchronous', open: (where) => openPino(where, { sync: true }), count: linesIn },
  {
    id: 'pino-buffer',
    name: 'pino, synchronous, buffered',
    open: (where) => openPino(where, { sync: true, minLength: 4096 }),
    count: linesIn
  },
  { id: 'winston', name: 'winston, File', open: openWinston, count: linesIn },
  { id: 'logtape', name: 'LogTape, stream file', open: openLogTape, count: linesIn },
  { id: 'logtape-file', name: 'LogTape, file', open: (where) => openLogTapeFile(where, {}), count: linesIn },
  {
    id: 'logtape-later',
    name: 'LogTape, file, nonBlocking',
    open: (where) => openLogTapeFile(where, { nonBlocking: true }),
    count: linesIn
  },
  { id: 'tslog', name: 'tslog, file transport', open: openTslog, count: linesIn },
  { id: 'otel', name: 'OpenTelemetry, batch, OTLP', open: openOtel }
]

async function openNfo({ path, entries }) {
  const { createLogger } = await import(entries.nfo)
  const { jsonSink } = await import(entries.json)
  const logger = createLogger({ level: 'info', sinks: [jsonSink(path)] })
  return { log: (fields) => logger.info('record', fields), end: () => logger.close() }
}

/** 4 MiB instead of 1, so that 10,000 records fit and what is missing was lost, not overwritten. */
async function openNfoRecord(entries, options) {
  const { createLogger } = await import(entries.nfo)
  const logger = createLogger({ level: 'info', record: { size: 4 * 2 ** 20, ...options } })
  return { log: (fields) => logger.info('record', fields), end: () => logger.close() }
}

async function recovered(path, entries) {
  const { openStore } = await import(entries.store)
  const store = await openStore(path)
  let count = 0
  for await (const { kind } of store.query({})) if (kind === 'message') count++
  await store.close()
  return count
}

async function openPino({ path }, options) {
  const { default: pino } = await import('pino')
  return pinoTo(pino, pino.destination({ dest: path, ...options }))
}

async function openPinoThread({ path }) {
  const { default: pino } = await import('pino')
  return pinoTo(pino, pino.transport({ target: 'pino/file', options: { destination: path } }))
}

function pinoTo(pino, destination) {
  const logger = pino({ base: undefined }, destination)
  const end = () => {
    const closed = new Promise((resolve) => destination.once('close', resolve))
    destination.end()
    return closed
  }
  return { log: (fields) => logger.info(fields, 'record'), end }
}

async function openWinston({ path }) {
  const { default: winston } = await import('winston')
  const file = new winston.transports.File({ filename: path })
  const logger = winston.createLogger({ level: 'info', format: winston.format.json(), transports: [file] })
  // `end()` while lines are waiting throws "write after end".
  const end = async () => {
    while (logger.readableLength + logger.writableLength + file.writableLength > 0) await sleep(1)
    const finished = new Promise((resolve) => file.once('finish', resolve))
    logger.end()
    await finished
  }
  return { log: (fields) => logger.info('record', fields), end }
}

async function openLogTape({ path }) {
  const { getStreamFileSink } = await import('@logtape/file')
  return logTapeTo((formatter) => getStreamFileSink(path, { formatter }))
}

async function openLogTapeFile({ path }, options) {
  const { getFileSink } = await import('@logtape/file')
  return logTapeTo((formatter) => getFileSink(path, { formatter, ...options }))
}

async function logTapeTo(makeSink) {
  const { configure, dispose, getLogger, jsonLinesFormatter } = await import('@logtape/logtape')
  await configure({
    sinks: { file: makeSink(jsonLinesFormatter) },
    loggers: [
      { category: ['bench'], lowestLevel: 'info', sinks: ['file'] },
      { category: ['logtape', 'meta'], lowestLevel: 'error', sinks: [] }
    ]
  })
  const logger = getLogger(['bench'])
  return { log: (fields) => logger.info('record', fields), end: dispose }
}

async function openTslog({ path }) {
  const { Logger } = await import('tslog')
  const { fileTransport } = await import('tslog/transports/file')
  const logger = new Logger({ type: 'hidden', minLevel: 'INFO', stack: { capture: 'off' } })
  logger.attachTransport(fileTransport({ path, format: 'json' }))
  return { log: (fields) => logger.info('record', fields), end: () => logger.flush() }
}

async function openOtel({ port }) {
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces` })
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  const tracer = provider.getTracer('bench')
  return { log: (fields) => tracer.startSpan('record', { attributes: fields }).end(), end: () => provider.shutdown() }
}
