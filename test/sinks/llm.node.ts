import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { llm } from '../../src/sinks/llm.ts'
import { memorySink } from '../../src/sinks/memory.ts'
import { bundle, type Ending, run, starters } from '../runtimes/_children.ts'
import { answers, failure } from './_llm.ts'
import { printed } from './_runtime.ts'

const test = suite('sinks/llm on real servers')
const ADVICE = 'The migration was not run; run it.'
const CANARY = 'sk-live-c4n4ryZw7qLxPq81'

interface Heard {
  url: string
  key: string
  text: string
}

type Answer = (response: ServerResponse, heard: Heard) => void

const json =
  (value: unknown): Answer =>
  (response) =>
    void response.end(JSON.stringify(value))

/** Runs `task` with a server on this machine, and gives what the server heard. */
async function serving(answer: Answer, task: (base: string) => Promise<unknown>): Promise<Heard[]> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (more) => (text += more))
    request.on('end', () => {
      const key = `${request.headers.authorization ?? request.headers['x-api-key'] ?? ''}`
      heard.push({ url: request.url as string, key, text })
      answer(response, heard[heard.length - 1])
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await task(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
  return heard
}

for (const [model, path, key, answer] of [
  ['openai/gpt-4o-mini', '/chat/completions', 'Bearer k-1', answers.openai(ADVICE)],
  ['anthropic/claude-haiku-5-5', '/v1/messages', 'k-1', answers.anthropic(ADVICE)],
  ['ollama/llama3', '/api/chat', 'Bearer k-1', answers.ollama(ADVICE)]
] as const) {
  test(`stores what ${model} answers, and no secret leaves`, async () => {
    const memory = memorySink()
    const heard = await serving(json(answer), async (baseUrl) => {
      const sink = llm(memory, { model, baseUrl, apiKey: 'k-1' })
      sink.write([failure('load', { args: [`password=${CANARY}`], exception: `refused ${CANARY}` })])
      await sink.flush?.()
    })
    assert.is(heard.length, 1)
    assert.is(heard[0].url, path)
    assert.is(heard[0].key, key)
    assert.not.match(heard[0].text, /c4n4ry/)
    assert.match(heard[0].text, /function: load/)
    assert.is(memory.entries()[1].llmAnalysis, ADVICE)
  })
}

test('waits for a slow model no longer than its timeout, and says so once', async () => {
  const memory = memorySink()
  await serving(
    () => {},
    async (baseUrl) => {
      const sink = llm(memory, { model: 'ollama/llama3', baseUrl, timeout: 300 })
      const began = performance.now()
      const lines = await printed({}, async () => {
        sink.write([failure('load')])
        await sink.flush?.()
      })
      const took = performance.now() - began
      assert.ok(took >= 250 && took < 5000, `${took} ms`)
      assert.match(
        lines.join('|'),
        /^stderr: \[nfo\] \[llm\] http:\/\/127\.0\.0\.1:\d+ gave no answer \(waited 300 ms\)[^|]*$/
      )
    }
  )
  assert.is(memory.entries().length, 1)
})

test('hears how long a server wants to be left alone', async () => {
  const answer: Answer = (response) => void response.writeHead(429, { 'retry-after': '120' }).end()
  const heard = await serving(answer, async (baseUrl) => {
    const sink = llm(memorySink(), { model: 'ollama/llama3', baseUrl })
    const lines = await printed({}, async () => {
      sink.write([failure('load'), failure('save')])
      await sink.flush?.()
    })
    assert.match(lines.join('|'), /answered 429; errors are not analysed for 120 s$/)
    assert.equal(sink.counts(), { asked: 1, answered: 0, failed: 1, known: 0, skipped: 1 })
  })
  assert.is(heard.length, 1)
})

test('says why a server cannot be reached', async () => {
  const lines = await printed({}, async () => {
    const sink = llm(memorySink(), { model: 'ollama/llama3', baseUrl: 'http://127.0.0.1:9' })
    sink.write([failure('load')])
    await sink.flush?.()
  })
  assert.match(lines.join('|'), /gave no answer \(\w+\)/)
})

const script = bundle(`
import { llm } from '../../src/sinks/llm.ts'
import { jsonSink } from '../../src/sinks/json.ts'
import { createLogger } from '../../src/index.ts'
const [base, mode] = process.argv.slice(2)
const sink = llm(jsonSink('-'), { model: 'ollama/llama3', baseUrl: base })
const logger = createLogger({ sinks: [sink], interval: 10 })
try {
  logger.wrap(function broken() { throw new Error('no such table') })()
} catch {}
logger.flushSync()
await new Promise((resolve) => setTimeout(resolve, 300))
if (mode === 'flush') await logger.flush()
`)

async function timed(command: string[]): Promise<Ending & { ms: number }> {
  const began = performance.now()
  const ending = await run(command)
  return { ...ending, ms: performance.now() - began }
}

for (const runtime of ['node', 'denoWithAll', 'bun']) {
  test(`a model that never answers does not delay the end: ${runtime}`, async () => {
    const file = await script
    await serving(
      () => {},
      async (base) => {
        const { code, stdout, stderr, ms } = await timed([...starters[runtime], file, base, 'leave'])
        assert.is(code, 0, stderr)
        assert.match(stdout, /no such table/)
        assert.ok(ms < 8000, `${ms} ms`)
      }
    )
  })

  test(`flush waits for the answer: ${runtime}`, async () => {
    const file = await script
    const late: Answer = (response) => void setTimeout(() => response.end(JSON.stringify(answers.ollama(ADVICE))), 1000)
    const heard = await serving(late, async (base) => {
      const { code, stdout, stderr } = await timed([...starters[runtime], file, base, 'flush'])
      assert.is(code, 0, stderr)
      assert.match(stdout, /migration was not run/)
    })
    assert.is(heard.length, 1)
  })
}

test.run()
