import { renameSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openShop, type Shop } from './_shop.ts'

export const EMAIL = 'ann@example.com'
export const PASSWORD = 'correct horse battery'
export const CARD = '4242424242424242'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e47'
/** The span of whoever sends orders. */
export const CALLER = '00f067aa0ba902b7'

type Output = ReturnType<Shop['shop']>

/** Uses all of the shop, step by step. */
export interface Visit {
  shop: Shop
  /** Of somebody who has signed in. */
  token: string
  /** Status of the answers, by request id. */
  answers: Map<string, number>
  commands: Record<string, Output>
  browse(): Promise<void>
  /** Every order belongs to a trace of its own. */
  order50(): Promise<void>
  fail(): Promise<void>
  runCommands(): void
  /**
   * Tells the API to end while it has work. Gives the exit code, and the requests that were answered after that.
   * `null` when it does not end.
   */
  end(): Promise<{ code: number | null; last: string[] }>
  /** Ends what is left. */
  leave(): void
}

export async function visit(runtime: string): Promise<Visit> {
  const shop = openShop(runtime)
  const commands: Visit['commands'] = { import: shop.shop('import', 'products.csv') }
  const { url, ended, stop } = await shop.api()
  const answers = new Map<string, number>()
  const agent = new Agent({ keepAlive: true })

  async function ask(id: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<string> {
    const { token } = seen
    const own = { 'x-request-id': id, 'content-type': 'application/json' }
    const signed: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const { status, text } = await send(url + path, agent, { ...own, ...signed, ...headers }, body)
    answers.set(id, status)
    return text
  }
  const order = (id: string, count: number, sku = 'tea', headers = {}): Promise<string> =>
    ask(id, '/orders', { sku, count, cardNumber: CARD }, headers)

  const seen: Visit = {
    shop,
    token: '',
    answers,
    commands,
    async browse() {
      await ask('wrong', '/sessions', { email: EMAIL, password: 'short' })
      await order('nobody', 1)
      seen.token = JSON.parse(await ask('in', '/sessions', { email: EMAIL, password: PASSWORD })).token
      await ask('healthy', '/health')
      await ask('all', '/products')
      await ask('one', '/products/cup')
      await ask('none', '/products/pot')
    },
    async order50() {
      const counts = Array.from({ length: 50 }, (_, index) => index + 1)
      await Promise.all(
        counts.map((count) =>
          order(`order-${count}`, count, 'tea', { traceparent: `00-${traceOf(count)}-${CALLER}-01` })
        )
      )
    },
    async fail() {
      await order('refused', 1, 'car')
      await order('too-many', 6000)
      await withoutProducts(shop, () => ask('ill', '/health'))
    },
    runCommands() {
      commands.restock = shop.shop('restock', 'tea', '7')
      commands.report = shop.shop('report')
      commands.nothing = shop.shop('nothing')
    },
    async end() {
      const last = await endUnderLoad(order, stop)
      // The API would wait for connections that are kept alive.
      agent.destroy()
      return { last, code: await Promise.race([ended, sleep(8000, null, { ref: false })]) }
    },
    leave() {
      agent.destroy()
      stop('SIGKILL')
    }
  }
  return seen
}

/** The trace that an order belongs to. */
export const traceOf = (count: number): string => TRACE + count.toString(16).padStart(2, '0')

/** `fetch` with connections that can be ended. */
function send(
  url: string,
  agent: Agent,
  headers: Record<string, string>,
  body?: object
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers, method: body ? 'POST' : 'GET' }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => void (text += part))
      answer.on('error', reject).on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asked.on('error', reject).end(body && JSON.stringify(body))
  })
}

async function withoutProducts({ folder }: Shop, task: () => Promise<unknown>): Promise<void> {
  const [path, aside] = [join(folder, 'products.json'), join(folder, 'aside.json')]
  renameSync(path, aside)
  await task()
  renameSync(aside, path)
}

type OrderTea = (id: string, count: number) => Promise<string>

/** 20 at a time, until the API takes no more. */
async function endUnderLoad(order: OrderTea, stop: () => void): Promise<string[]> {
  let [asked, answered] = [0, 0]
  const last: string[] = []
  const customer = async (): Promise<void> => {
    while (asked < 300) {
      asked++
      const id = `load-${asked}`
      try {
        await order(id, 1)
      } catch {
        return
      }
      answered++
      if (answered === 100) stop()
      if (answered > 100) last.push(id)
    }
  }
  await Promise.all(Array.from({ length: 20 }, customer))
  return last
}
