import type { Readable } from 'node:stream'
import { Miniflare } from 'miniflare'
import { workerScript } from './_bundle.ts'

export type Row = Record<string, string | number | null>

/** The app of `_app.ts` in a runtime of its own, behind a driver that sends many requests at once. */
export interface App {
  get(path: string, headers?: Record<string, string>): ReturnType<Miniflare['dispatchFetch']>
  miniflare: Miniflare
  /** Waits for so many rows, and a little for one too many. */
  rows(where: string, count: number): Promise<Row[]>
  clear(): Promise<void>
  /** What the runtime said: where requests are mixed up, it warns. */
  output(): string
  stop(): Promise<void>
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** `slow` answers what the sink of `/slow` sends. */
export async function startApp(flags: string[], slow: () => Promise<void> = async () => {}): Promise<App> {
  const [driver, app] = await Promise.all([
    workerScript("export { driver as default } from './_driver.ts'"),
    workerScript("export { Counter, Notes, app as default } from './_app.ts'")
  ])
  let output = ''
  const listen = (stream: Readable): unknown => stream.on('data', (text) => (output += text))
  const shared = { compatibilityDate: '2026-04-01', compatibilityFlags: flags }
  const miniflare = new Miniflare({
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => void [stdout, stderr].map(listen),
    cf: false,
    workers: [
      {
        ...shared,
        name: 'driver',
        modules: [{ type: 'ESModule', path: 'driver.mjs', contents: driver }],
        serviceBindings: { APP: 'app' }
      },
      {
        ...shared,
        name: 'app',
        modules: [{ type: 'ESModule', path: 'app.mjs', contents: app }],
        bindings: { NAME: 'shop', KEY: 'not to be seen' },
        serviceBindings: {
          SLOW: async () => {
            await slow()
            return new (await import('miniflare')).Response('late')
          }
        },
        d1Databases: ['DB'],
        kvNamespaces: ['CACHE'],
        r2Buckets: ['FILES'],
        queueProducers: { JOBS: 'jobs', LOGS: 'logs' },
        queueConsumers: { jobs: { maxBatchSize: 100, maxBatchTimeout: 0.1 } },
        durableObjects: {
          COUNTER: { className: 'Counter', useSQLite: true },
          NOTES: { className: 'Notes', useSQLite: true }
        }
      }
    ]
  })
  const database = await miniflare.getD1Database('DB', 'app')

  async function all(columns: string, where: string): Promise<Row[]> {
    try {
      return (await database.prepare(`SELECT ${columns} FROM logs WHERE ${where} ORDER BY id`).all<Row>()).results
    } catch (error) {
      if (String(error).includes('no such table')) return []
      // A kept connection to the runtime that it has closed.
      if (String(error).includes('fetch failed')) return all(columns, where)
      throw error
    }
  }
  const countOf = async (where: string): Promise<number> =>
    Number((await all('count(*) AS count', where))[0]?.count ?? 0)

  return {
    miniflare,
    get: (path, headers = {}) => miniflare.dispatchFetch(`http://localhost/${path}`, { headers }),
    async rows(where, count) {
      for (let turn = 0; turn < 160 && (await countOf(where)) < count; turn++) await pause(50)
      await pause(100)
      return all('*', where)
    },
    clear: async () => void (await database.exec('DELETE FROM logs')),
    output: () => output,
    stop: () => miniflare.dispose()
  }
}
