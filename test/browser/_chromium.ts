import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'

const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking' +
  ' --disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-pipe'

type Fields = Record<string, unknown>

/** A tab. */
export interface Tab {
  /** What an expression, or the promise that it is, gives as JSON. Rejects with what it throws. */
  evaluate<Result>(expression: string): Promise<Result>
  /** What the page printed or failed with so far. */
  readonly printed: string[]
  /** As a person does it: the page's handlers run. */
  close(): Promise<void>
  /** Its process ends at once: no handler runs. */
  crash(): Promise<void>
}

export interface Browser {
  open(url: string): Promise<Tab>
  close(): Promise<void>
}

interface Reply {
  id?: number
  method?: string
  params?: Fields
  sessionId?: string
  result?: Fields
  error?: { message: string }
}

/** Starts Chromium with a profile, and speaks to it by the DevTools protocol over two pipes. */
export async function startChromium(binary: string, profile: string): Promise<Browser> {
  mkdirSync(profile, { recursive: true })
  const args = [...FLAGS.split(' '), `--user-data-dir=${profile}`, 'about:blank']
  const env = { ...process.env, HOME: profile }
  const child = spawn(binary, args, { env, detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const protocol = connect(child)

  async function open(url: string): Promise<Tab> {
    const { targetId } = await protocol.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await protocol.send('Target.attachToTarget', { targetId, flatten: true })
    const session = sessionId as string
    const printed: string[] = []
    protocol.listen(session, (method, params) => {
      if (method === 'Runtime.consoleAPICalled') {
        const values = params.args as { value?: unknown; description?: string }[]
        printed.push(values.map(({ value, description }) => String(value ?? description)).join(' '))
      }
      if (method === 'Runtime.exceptionThrown') printed.push(JSON.stringify(params.exceptionDetails))
    })
    await protocol.send('Runtime.enable', {}, session)
    await protocol.send('Page.enable', {}, session)
    const loaded = protocol.once(session, 'Page.loadEventFired')
    await protocol.send('Page.navigate', { url }, session)
    await loaded
    return {
      printed,
      async evaluate<Result>(expression: string) {
        const asked = { expression, awaitPromise: true, returnByValue: true }
        const answer = await protocol.send('Runtime.evaluate', asked, session)
        const { exceptionDetails, result } = answer as Record<string, { value?: unknown; exception?: Fields }>
        if (exceptionDetails) throw new Error(String(exceptionDetails.exception?.description ?? expression))
        return result.value as Result
      },
      async close() {
        const gone = protocol.once('', 'Target.targetDestroyed', ({ targetId: other }) => other === targetId)
        await protocol.send('Target.closeTarget', { targetId })
        await gone
      },
      async crash() {
        const gone = protocol.once(session, 'Inspector.targetCrashed')
        void protocol.send('Page.crash', {}, session).catch(() => {})
        await gone
        await protocol.send('Target.closeTarget', { targetId })
      }
    }
  }

  await protocol.send('Target.setDiscoverTargets', { discover: true })
  return {
    open,
    async close() {
      protocol.send('Browser.close').catch(() => {})
      const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), 5000)
      await ended
      clearTimeout(timer)
    }
  }
}

type Listener = (method: string, params: Fields) => void

interface Protocol {
  send(method: string, params?: Fields, sessionId?: string): Promise<Fields>
  listen(sessionId: string, listener: Listener): void
  once(sessionId: string, method: string, isIt?: (params: Fields) => boolean): Promise<void>
}

/** Messages are JSON, each with a zero byte behind it. */
function connect(child: ChildProcess): Protocol {
  const waiting = new Map<number, { resolve(result: Fields): void; reject(error: Error): void }>()
  const listeners = new Set<{ sessionId: string; listener: Listener }>()
  const [, , , output, input] = child.stdio as unknown as [null, null, null, Writable, Readable]
  let last = 0
  let rest = ''

  function take({ id, method, params = {}, sessionId = '', result = {}, error }: Reply): void {
    if (id === undefined) {
      for (const one of [...listeners]) if (one.sessionId === sessionId) one.listener(method as string, params)
    } else if (error) waiting.get(id)?.reject(new Error(error.message))
    else waiting.get(id)?.resolve(result)
    if (id !== undefined) waiting.delete(id)
  }

  output.on('error', () => {})
  input.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() as string
    for (const message of messages) take(JSON.parse(message))
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium has ended'))
  })
  const protocol: Protocol = {
    send(method, params = {}, sessionId = undefined) {
      const id = ++last
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
      })
    },
    listen: (sessionId, listener) => void listeners.add({ sessionId, listener }),
    once: (sessionId, wanted, isIt = () => true) =>
      new Promise((resolve) => {
        const own = {
          sessionId,
          listener(method: string, params: Fields) {
            if (method !== wanted || !isIt(params)) return
            listeners.delete(own)
            resolve()
          }
        }
        listeners.add(own)
      })
  }
  return protocol
}
