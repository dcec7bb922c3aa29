import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { PassThrough, type Writable } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pinoDestination, pinoSink } from '../../src/pino.ts'
import { winstonSink, winstonTransport } from '../../src/winston.ts'
import { skipUnless } from '../_run/runtime.ts'
import { lab } from '../core/_lab.ts'
import { bundle, run, starters } from '../runtimes/_children.ts'

/** From the project, or from its benchmarks, which have them to compare with. */
function load(name: string): never | undefined {
  for (const place of ['.', 'bench']) {
    const require = createRequire(`${resolve(place)}/`)
    if (existsSync(resolve(place, 'node_modules', name))) return require(name) as never
  }
  return undefined
}

type Log = Record<string, (...args: unknown[]) => void>
type Pino = (options: object, stream?: object) => Log & { child(fields: object): Log }

const pino = load('pino') as Pino | undefined
const withPino = suite('bridges: pino')
const pinoTest = skipUnless(withPino, pino !== undefined, 'pino is not installed')

pinoTest('its lines become entries', () => {
  const { logger, fresh } = lab()
  const log = pino!({ level: 'trace', base: { app: 'shop' } }, pinoDestination({ logger }))
  log.trace('a')
  log.info({ id: 7 }, 'hello %s', 'you')
  log.child({ part: 'cart' }).warn('c')
  log.error(new TypeError('disk is full'))
  log.fatal({ password: 'hunter2' }, 'f')
  const entries = fresh()
  assert.equal(
    entries.map(({ level, args }) => `${level} ${args[0]}`),
    ['debug a', 'info hello you', 'warn c', 'error disk is full', 'fatal f']
  )
  assert.equal(entries[1].extra, { app: 'shop', id: 7 })
  assert.is(entries[2].extra.part, 'cart')
  const { type, message } = entries[3].extra.err as Record<string, string>
  assert.equal([type, message], ['TypeError', 'disk is full'])
  assert.not.match(JSON.stringify(entries[4]), 'hunter2')
})

pinoTest('it may be all that pino is given', () => {
  const { logger, fresh } = lab()
  pino!(pinoDestination({ logger })).info('hello')
  assert.equal(
    fresh().map(({ args }) => args[0]),
    ['hello']
  )
})

withPino('what is no line of pino is a message', () => {
  const { logger, fresh } = lab()
  const destination = pinoDestination({ logger, messageKey: 'message' })
  for (const line of ['not json\n', '7', '{"level":"warn","message":"named"}', '{"level":35,"message":"between"}']) {
    destination.write(line)
  }
  assert.equal(
    fresh().map(({ level, args }) => `${level} ${args[0]}`),
    ['info not json', 'info 7', 'warn named', 'info between']
  )
})

pinoTest('entries become its lines', () => {
  const lines: Record<string, unknown>[] = []
  const log = pino!({ level: 'trace' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const { logger } = lab({ sinks: [pinoSink(log as never)] })
  const divide = logger.wrap((total: number, people: number) => {
    if (people === 0) throw new RangeError('nobody')
    return total / people
  }, 'divide')
  divide(6, 2)
  assert.throws(() => divide(6, 0))
  logger.warn('text', { id: 7 })
  logger.flushSync()
  assert.equal(
    lines.map(({ level, msg }) => `${level} ${msg}`),
    ['20 divide(6, 2)', '50 divide(6, 0)', '40 text']
  )
  assert.equal([lines[0].function_name, lines[0].return_value, lines[1].exception], ['divide', 3, 'nobody'])
  assert.is(lines[2].id, 7)
  assert.not.ok('args' in lines[2])
})

interface Winston {
  Transport: new (options?: object) => Writable
  config: { syslog: { levels: Record<string, number> } }
  transports: { Stream: new (options: object) => object }
  format: { json(): object }
  createLogger(options: object): Log & { log(entry: object): unknown; levels: Record<string, number> }
}

const winston = load('winston') as Winston | undefined
const withWinston = suite('bridges: winston')
const winstonTest = skipUnless(withWinston, winston !== undefined, 'winston is not installed')

winstonTest('its lines become entries, by its own levels and formats', () => {
  const { logger, fresh } = lab()
  const transport = winstonTransport(winston!.Transport as never, { logger, level: 'http' })
  const log = winston!.createLogger({ level: 'silly', defaultMeta: { app: 'shop' }, transports: [transport] })
  log.http('a')
  log.warn('b', { id: 7 })
  log.error('c')
  log.debug('not asked for')
  log.log({ level: 'info', message: 'd' })
  const entries = fresh()
  assert.equal(
    entries.map(({ level, args }) => `${level} ${args[0]}`),
    ['info a', 'warn b', 'error c', 'info d']
  )
  assert.equal(entries[1].extra, { app: 'shop', id: 7 })
})

winstonTest('syslog levels, and errors', () => {
  const { logger, fresh } = lab()
  const { levels } = winston!.config.syslog
  const transport = winstonTransport(winston!.Transport as never, { logger })
  const log = winston!.createLogger({ levels, level: 'debug', transports: [transport] })
  log.crit('a')
  log.warning('b')
  log.notice('c')
  assert.equal(
    fresh().map(({ level }) => level),
    ['fatal', 'warn', 'info']
  )
})

winstonTest('entries become its lines', async () => {
  const stream = new PassThrough()
  const transports = [new winston!.transports.Stream({ stream })]
  const log = winston!.createLogger({ level: 'silly', format: winston!.format.json(), transports })
  const { logger } = lab({ sinks: [winstonSink(log)] })
  logger.wrap((id: number) => id, 'find')(7)
  logger.fatal('text', { id: 7 })
  logger.flushSync()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const lines = String(stream.read())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(
    lines.map(({ level, message }) => `${level} ${message}`),
    ['debug find(7)', 'error text']
  )
  assert.equal([lines[0].function_name, lines[1].id], ['find', 7])
})

const program = `
import process from 'node:process'
import { configure } from '../../src/configure.ts'
configure({ sinks: ['console:'], bridge: true })
console.log('printed once', { id: 7 })
console.error('failed')
process.emitWarning('old name', 'DeprecationWarning', 'DEP7')
setTimeout(() => {}, 300)`
const file = bundle(program)

for (const runtime of ['node', 'denoWithAll', 'bun']) {
  const test = suite(`bridges: console and warnings, ${runtime}`)

  test('each line is printed once, by the console sink, which does not feed itself', async () => {
    const { code, stdout, stderr } = await run([...starters[runtime], await file])
    const entries = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.is(code, 0)
    assert.equal(
      entries.map(({ args }) => args[0]),
      ['printed once [object Object]', 'failed', 'DeprecationWarning: old name']
    )
    assert.equal(entries[0].extra.args[1], { id: 7 })
    assert.equal([entries[2].level, entries[2].extra.code], ['WARNING', 'DEP7'])
    assert.not.match(stderr, 'failed')
    assert.not.match(stderr, '[nfo]')
  })

  test.run()
}

withPino.run()
withWinston.run()
