/**
 * The smallest program of each library: records one thing into a function and gives back what came. `nfo` is the built
 * package; `bundled` says whether it is for a page or a Worker, where pino has another way to write.
 */
export const hello = {
  nfo: ({ nfo }) => `
    import { createLogger, memorySink } from ${JSON.stringify(nfo)}
    export async function hello() {
      const memory = memorySink()
      const logger = createLogger({ sinks: [memory] })
      logger.wrap((name) => 'hello ' + name, { name: 'greet' })('you')
      await logger.flush()
      return JSON.stringify(memory.entries())
    }`,
  pino: ({ bundled }) => `
    import pino from 'pino'
    export async function hello() {
      const lines = []
      const write = (line) => lines.push(line)
      const logger = ${bundled ? 'pino({ browser: { write } })' : 'pino({}, { write })'}
      logger.info('hello you')
      return JSON.stringify(lines)
    }`,
  winston: () => `
    import winston from 'winston'
    export async function hello() {
      const lines = []
      class Keep extends winston.Transport {
        log(info, done) {
          lines.push(info.message)
          done()
        }
      }
      winston.createLogger({ transports: [new Keep()] }).info('hello you')
      return JSON.stringify(lines)
    }`,
  LogTape: () => `
    import { configureSync, getLogger } from '@logtape/logtape'
    export async function hello() {
      const lines = []
      configureSync({
        sinks: { keep: ({ message }) => lines.push(message) },
        loggers: [{ category: ['app'], lowestLevel: 'info', sinks: ['keep'] }, { category: ['logtape', 'meta'], sinks: [] }]
      })
      getLogger(['app']).info('hello you')
      return JSON.stringify(lines)
    }`,
  tslog: () => `
    import { Logger } from 'tslog'
    export async function hello() {
      const lines = []
      const logger = new Logger({ type: 'hidden' })
      logger.attachTransport({ format: 'json', write: (record, line) => lines.push(line) })
      logger.info('hello you')
      return JSON.stringify(lines)
    }`,
  OpenTelemetry: () => `
    import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
    export async function hello() {
      const lines = []
      const exporter = { export: (spans, done) => (lines.push(...spans.map(({ name }) => name)), done({ code: 0 })), shutdown: async () => {} }
      const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
      provider.getTracer('app').startSpan('hello you').end()
      await provider.forceFlush()
      return JSON.stringify(lines)
    }`
}
