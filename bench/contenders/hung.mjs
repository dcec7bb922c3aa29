import { devNull } from 'node:os'

const never = () => new Promise(() => {})
const settings = { type: 'hidden', minLevel: 'INFO', stack: { capture: 'off' } }

/** Each library with an end that takes records and never answers. `lost` says what the library itself knows of losses. */
export const hung = {
  async nfo({ entry }) {
    const { createLogger } = await import(entry)
    const logger = createLogger({ level: 'info', sinks: [{ write: never }] })
    return { log: (fields) => logger.info('record', fields), lost: () => logger.stats().dropped }
  },
  async pino() {
    const [{ default: pino }, { Writable }] = await Promise.all([import('pino'), import('node:stream')])
    const logger = pino({ base: undefined }, new Writable({ write() {} }))
    return { log: (fields) => logger.info(fields, 'record') }
  },
  async 'pino, maxLength'() {
    const [{ default: pino }, { default: fs }] = await Promise.all([import('pino'), import('node:fs')])
    const destination = pino.destination({ dest: devNull, sync: false, maxLength: 1e6 })
    fs.write = () => {} // a disk that hangs
    let dropped = 0
    destination.on('drop', () => dropped++)
    const logger = pino({ base: undefined }, destination)
    return { log: (fields) => logger.info(fields, 'record'), lost: () => dropped }
  },
  async winston() {
    const { default: winston } = await import('winston')
    class Hung extends winston.Transport {
      log() {}
    }
    const logger = winston.createLogger({ format: winston.format.json(), transports: [new Hung()] })
    return { log: (fields) => logger.info('record', fields) }
  },
  LogTape: () => logTape(),
  async 'LogTape, maxQueueSize'() {
    let dropped = 0
    const onDrop = ({ count }) => {
      dropped += count
    }
    const logger = await logTape({ maxQueueSize: 10_000, overflow: 'drop-newest', onDrop })
    return { ...logger, lost: () => dropped }
  },
  async tslog() {
    const { Logger } = await import('tslog')
    const logger = new Logger(settings)
    logger.attachTransport({ format: 'json', write: never })
    return { log: (fields) => logger.info('record', fields) }
  },
  OpenTelemetry: () => openTelemetry(),
  async 'OpenTelemetry, its own metrics'() {
    let dropped = 0
    const add = (count, attributes) => {
      if (attributes['error.type'] === 'queue_full') dropped += count
    }
    const instrument = { add, addCallback() {} }
    const meter = {
      createCounter: () => instrument,
      createUpDownCounter: () => ({ add() {} }),
      createObservableUpDownCounter: () => instrument
    }
    const logger = await openTelemetry({ selfObsMeterProvider: { getMeter: () => meter } })
    return { ...logger, lost: () => dropped }
  }
}

async function logTape(options) {
  const { configure, fromAsyncSink, getLogger } = await import('@logtape/logtape')
  await configure({
    sinks: { hung: fromAsyncSink(never, options) },
    loggers: [
      { category: ['bench'], lowestLevel: 'info', sinks: ['hung'] },
      { category: ['logtape', 'meta'], lowestLevel: 'error', sinks: [] }
    ]
  })
  const logger = getLogger(['bench'])
  return { log: (fields) => logger.info('record', fields) }
}

async function openTelemetry(options) {
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base')
  const exporter = { export() {}, shutdown: never }
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter, options)] })
  const tracer = provider.getTracer('bench')
  return { log: (fields) => tracer.startSpan('record', { attributes: fields }).end() }
}
