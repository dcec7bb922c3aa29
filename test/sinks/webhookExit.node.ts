import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch } from '../_run/runtime.ts'
import { bundle, starters } from '../runtimes/_children.ts'
import { type Answer, closedUrl, ok, status, textsOf, withServer } from './_hook.ts'

const test = suite('sinks/webhook: exit')

const script = (): Promise<string> =>
  bundle(`
    import { createLogger } from '../../src/configure.ts'
    import { webhookSink } from '../../src/sinks/webhook.ts'
    const { url, count, spool, end, options } = JSON.parse(process.argv[2])
    const sink = webhookSink(url, { interval: 20, backoff: 10, deadline: 500, ...(spool && { spool }), ...options })
    const logger = createLogger({ sinks: [sink], interval: 10 })
    for (let index = 0; index < count; index++) {
      logger.error('broken ' + index)
      if (index % 5 === 4) await new Promise((resolve) => setTimeout(resolve, 15))
    }
    console.log('ready ' + Date.now())
    if (end === 'exit') process.exit(3)
    if (end === 'throw') setTimeout(() => { throw new Error('at the end') })
    if (end === 'SIGTERM') setInterval(() => {}, 1000)
    if (end === 'repeat') for (let index = 0; index < 50; index++) logger.error('broken 0')
  `)

interface Options {
  url: string
  count: number
  spool?: string
  end?: string
  options?: object
}

interface Ending {
  code: number | null
  signal: string | null
  /** Milliseconds from the script's last line to the end of the process. */
  late: number
  output: string
}

function runChild(runtime: string, file: string, options: Options): Promise<Ending> {
  const [command, ...flags] = starters[runtime]
  const permissions = runtime === 'deno' ? ['--allow-net'] : []
  const child = spawn(command, [...flags, ...permissions, file, JSON.stringify(options)], { detached: true })
  const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), 9000)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (options.end === 'SIGTERM' && text.includes('ready')) child.kill('SIGTERM')
    })
  }
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      const ready = Number(/ready (\d+)/.exec(output)?.[1])
      resolve({ code, signal, late: Date.now() - ready, output })
    })
  })
}

const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `broken ${index}`)

let file = ''
test.before(async () => {
  file = await script()
})

for (const runtime of ['node', 'deno', 'bun']) {
  test(`${runtime}: at its natural end the process waits until all is posted`, () =>
    withServer(ok, async (server) => {
      const { code, output } = await runChild(runtime, file, { url: server.url, count: 20 })
      assert.is(code, 0, output)
      assert.equal(textsOf(server), texts(20), output)
    }))

  test(`${runtime}: and until the numbers of what came again are`, () =>
    withServer(ok, async (server) => {
      const { output } = await runChild(runtime, file, { url: server.url, count: 1, end: 'repeat' })
      const posts = server.accepted()
      assert.is(
        posts.flat().reduce((sum, { count }) => sum + count, 0),
        51,
        output
      )
      assert.ok(posts.length <= 3, output)
    }))

  for (const [name, answer] of Object.entries({
    'never answers': () => {},
    fails: status(500),
    'asks for a minute': status(429, { 'retry-after': '60' })
  } as Record<string, Answer>)) {
    test(`${runtime}: a server that ${name} delays the end by the deadline at most`, () =>
      withServer(answer, async (server) => {
        const { code, late, output } = await runChild(runtime, file, { url: server.url, count: 20 })
        assert.is(code, 0, output)
        assert.ok(late < 5000, `${late} ms`)
        assert.not.match(output, 'SECRET')
      }))
  }

  test(`${runtime}: a service that is down has everything spooled, and gets it at the next start, once`, async () => {
    const spool = scratch('alerts.spool')
    const { late, output } = await runChild(runtime, file, { url: await closedUrl(), count: 20, spool })
    assert.ok(late < 5000, `${late} ms`)
    assert.not.match(output, 'SECRET')
    assert.not.match(readFileSync(spool, 'utf8'), 'SECRET')
    await withServer(ok, async (server) => {
      await runChild(runtime, file, { url: server.url, count: 0, spool })
      assert.equal(textsOf(server).sort(), texts(20).sort())
      assert.is(readFileSync(spool, 'utf8'), '')
    })
  })

  for (const end of ['exit', 'throw', 'SIGTERM']) {
    test(`${runtime}: ${end} spools what is on its way, and delays nothing`, () =>
      withServer(
        () => {},
        async (silent) => {
          const spool = scratch('alerts.spool')
          const { code, signal, late, output } = await runChild(runtime, file, {
            url: silent.url,
            count: 20,
            spool,
            end,
            options: { deadline: 60_000 }
          })
          if (end === 'exit') assert.is(code, 3)
          if (end === 'throw') assert.is(code, 1)
          if (end === 'SIGTERM') assert.is(signal, 'SIGTERM')
          assert.ok(late < 5000, `${late} ms`)
          await withServer(ok, async (server) => {
            await runChild(runtime, file, { url: server.url, count: 0, spool })
            assert.equal(textsOf(server).sort(), texts(20).sort(), output)
          })
        }
      ))
  }
}

test.run()
