import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { lab } from '../core/_lab.ts'
import { apps, type Served, workOf } from './_apps.ts'
import { assertApart, HEADER, onlyRoot, rootsOf } from './_checks.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

interface Setting extends Served {
  name: string
  fresh(): Entry[]
}

/** Entries, once there are as many requests among them. */
async function entriesOf({ fresh }: Setting, requests: number): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let round = 0; round < 300 && rootsOf(entries).length < requests; round++) {
    await pause(5)
    entries.push(...fresh())
  }
  await pause(5)
  return [...entries, ...fresh()]
}

const get = (base: string, path: string, id: string, init: RequestInit = {}): Promise<Response> =>
  fetch(base + path, { ...init, headers: { 'x-request-id': id, ...init.headers } })

type Check = (setting: Setting) => Promise<void>

/** What each framework has to show. */
export const checks: Record<string, Check> = {
  'one entry, named by its route': async (setting) => {
    const answer = await get(setting.base, '/users/7?token=t0psecret&size=big', 'r7', {
      headers: { traceparent: HEADER }
    })
    assert.equal([answer.status, await answer.text(), answer.headers.get('x-own')], [200, 'r7', 'kept'])
    const entries = await entriesOf(setting, 1)
    const root = onlyRoot(entries)
    assert.is(root.functionName, 'GET /users/:id')
    assert.equal(root.args, ['/users/7?token=[REDACTED]&size=big'])
    const { method, route, status, requestId, traceParent, aborted } = root.extra
    assert.equal([method, route, status, requestId, aborted], ['GET', '/users/:id', 200, 'r7', undefined])
    assert.equal([root.traceId, traceParent], [HEADER.slice(3, 35), HEADER.slice(36, 52)])
    assert.equal([root.level, root.returnValue, root.exception], ['info', 200, undefined])
    assert.ok(root.durationMs! > 0)
    const load = entries.find(({ functionName, kind }) => functionName === 'load' && kind === 'call') as Entry
    assert.is(load.parentId, root.spanId)
    assert.equal([load.extra.requestId, load.extra.method, load.traceId], ['r7', 'GET', root.traceId])
    assert.equal(load.extra.route, setting.name === 'express' ? undefined : '/users/:id')
    assert.is(entries.length, 4)
  },

  'fifty at once, each with its own context': async (setting) => {
    const ids = Array.from({ length: 50 }, (_, index) => `r${100 + index}`)
    const answers = await Promise.all(ids.map((id) => get(setting.base, `/users/${id}`, id)))
    assert.equal(await Promise.all(answers.map((answer) => answer.text())), ids)
    assertApart(await entriesOf(setting, 50), 50, 3)
  },

  'fifty bodies at once': async (setting) => {
    const ids = Array.from({ length: 50 }, (_, index) => `r${100 + index}`)
    const headers = { 'content-type': 'text/plain' }
    const answers = await Promise.all(
      ids.map((id) => get(setting.base, '/echo', id, { method: 'POST', body: id, headers }))
    )
    assert.equal(await Promise.all(answers.map((answer) => answer.text())), ids)
    const entries = await entriesOf(setting, 50)
    assertApart(entries, 50, 1)
    assert.is(rootsOf(entries)[0].functionName, 'POST /echo')
  },

  'an error, with status 500': async (setting) => {
    const answer = await get(setting.base, '/bad', 'r1')
    assert.is(answer.status, 500)
    await answer.text()
    const root = onlyRoot(await entriesOf(setting, 1))
    assert.equal([root.functionName, root.level, root.extra.status], ['GET /bad', 'error', 500])
    assert.equal([root.exception, root.exceptionType], ['bad', 'RangeError'])
    assert.match(root.traceback ?? '', /RangeError: bad/)
  },

  'what was not found, and what was denied': async (setting) => {
    for (const [path, status, name] of [
      ['/none', 404, 'GET'],
      ['/denied', 403, 'GET /denied']
    ] as const) {
      const answer = await get(setting.base, path, 'r1')
      assert.is(answer.status, status)
      await answer.text()
      const root = onlyRoot(await entriesOf(setting, 1))
      assert.equal([root.functionName, root.level, root.extra.status], [name, 'warn', status])
      assert.is(root.exception, undefined)
    }
  },

  'streams, unbuffered': async (setting) => {
    const answer = await get(setting.base, '/stream', 'r5')
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    let parts = ''
    for (let step = await reader.read(); !step.done; step = await reader.read())
      parts += new TextDecoder().decode(step.value)
    assert.is(parts, 'r5r5r5')
    const entries = await entriesOf(setting, 1)
    await pause(20)
    const all = [...entries, ...setting.fresh()]
    const root = onlyRoot(all)
    assert.equal([root.functionName, root.extra.status, root.extra.aborted], ['GET /stream', 200, undefined])
    const chunks = all.filter(({ functionName }) => functionName === 'find')
    assert.is(chunks.length, 3)
    for (const chunk of chunks) assert.equal([chunk.parentId, chunk.extra.requestId], [root.spanId, 'r5'])
  },

  'a client that goes away': async (setting) => {
    const leaving = new AbortController()
    const answering = get(setting.base, '/slow', 'r9', { signal: leaving.signal }).catch(({ name }) => name)
    await pause(50)
    leaving.abort()
    assert.is(await answering, 'AbortError')
    const root = onlyRoot(await entriesOf(setting, 1))
    // Deno does not tell.
    const found = 'Deno' in globalThis ? ['info', undefined] : ['warn', true]
    assert.equal([root.functionName, root.level, root.extra.aborted], ['GET /slow', ...found])
  },

  'HEAD, and what is ignored': async (setting) => {
    const answer = await get(setting.base, '/none', 'r1', { method: 'HEAD' })
    assert.equal([answer.status, await answer.text()], [404, ''])
    assert.is(onlyRoot(await entriesOf(setting, 1)).functionName, 'HEAD')
    const health = await get(setting.base, '/health', 'r2')
    assert.is(health.status, 404)
    await health.text()
    await pause(20)
    assert.equal(setting.fresh(), [])
  }
}

/** Runs one framework through all of it, with a server of its own. */
export async function exercise(name: string, report: (check: string, error?: unknown) => void): Promise<void> {
  const { logger, fresh } = lab({ ring: 2 ** 20 })
  const served = await apps[name](workOf(logger), { logger, ignore: ['/health'] })
  for (const [check, run] of Object.entries(checks)) {
    try {
      await run({ ...served, name, fresh })
      report(check)
    } catch (error) {
      report(check, error)
    }
    // What one check left behind is not the next one's.
    await pause(20)
    fresh()
  }
  await served.close()
}
