/**
 * Each library's own way to keep fields across awaits, or the hook that it has for one of yours: `run` sets an id, `log` records, `ids` gives what was recorded.
 */
export const context = {
  async nfo({ entry }) {
    const { createLogger, memorySink, withContext } = await import(entry)
    const memory = memorySink({ entries: 10_000 })
    const logger = createLogger({ sinks: [memory] })
    const ids = async () => {
      await logger.flush()
      return memory.entries().map(({ args: [text], extra: { id } }) => [text, id])
    }
    return { run: (id, fn) => withContext({ id }, fn), log: (text) => logger.info(text), ids }
  },
  async LogTape() {
    const [{ configure, getLogger, withContext }, { AsyncLocalStorage }] = await Promise.all([
      import('@logtape/logtape'),
      import('node:async_hooks')
    ])
    const records = []
    await configure({
      contextLocalStorage: new AsyncLocalStorage(),
      reset: true,
      sinks: { keep: ({ message: [text], properties: { id } }) => records.push([text, id]) },
      loggers: [
        { category: ['bench'], lowestLevel: 'info', sinks: ['keep'] },
        { category: ['logtape', 'meta'], sinks: [] }
      ]
    })
    const logger = getLogger(['bench'])
    return { run: (id, fn) => withContext({ id }, fn), log: (text) => logger.info(text), ids: async () => records }
  },
  async tslog() {
    const { Logger } = await import('tslog')
    const records = []
    const logger = new Logger({ type: 'hidden', stack: { capture: 'off' } })
    logger.attachTransport({
      format: 'json',
      write: (_record, line) => {
        const { message, _logMeta } = JSON.parse(line)
        records.push([message, _logMeta.id])
      }
    })
    return {
      run: (id, fn) => logger.runInContext({ id }, fn),
      log: (text) => logger.info(text),
      ids: async () => records
    }
  },
  async OpenTelemetry() {
    const { context, trace } = await import('@opentelemetry/api')
    const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
    const { BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base')
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    const tracer = new BasicTracerProvider().getTracer('bench')
    const records = []
    const run = (id, fn) => {
      const span = tracer.startSpan('flow', { attributes: { id } })
      return context.with(trace.setSpan(context.active(), span), fn)
    }
    const log = (text) => records.push([text, trace.getSpan(context.active())?.attributes.id])
    return { run, log, ids: async () => records }
  },
  async 'pino, by mixin and your own storage'() {
    const [{ default: pino }, { AsyncLocalStorage }] = await Promise.all([import('pino'), import('node:async_hooks')])
    const records = []
    const storage = new AsyncLocalStorage()
    const write = (line) => {
      const { msg, id } = JSON.parse(line)
      records.push([msg, id])
    }
    const logger = pino({ mixin: () => storage.getStore() ?? {} }, { write })
    return { run: (id, fn) => storage.run({ id }, fn), log: (text) => logger.info(text), ids: async () => records }
  },
  async 'winston, by a format and your own storage'() {
    const [{ default: winston }, { AsyncLocalStorage }] = await Promise.all([
      import('winston'),
      import('node:async_hooks')
    ])
    const records = []
    const storage = new AsyncLocalStorage()
    class Keep extends winston.Transport {
      log({ message, id }, done) {
        records.push([message, id])
        done()
      }
    }
    const format = winston.format((info) => Object.assign(info, storage.getStore()))()
    const logger = winston.createLogger({ format, transports: [new Keep()] })
    return { run: (id, fn) => storage.run({ id }, fn), log: (text) => logger.info(text), ids: async () => records }
  }
}
