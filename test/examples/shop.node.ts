import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as commands from '../../examples/shop/src/commands.ts'
import * as errors from '../../examples/shop/src/errors.ts'
import * as health from '../../examples/shop/src/health.ts'
import * as orders from '../../examples/shop/src/orders.ts'
import * as payments from '../../examples/shop/src/payments.ts'
import * as products from '../../examples/shop/src/products.ts'
import * as users from '../../examples/shop/src/users.ts'
import type { Entry } from '../../src/core/types.ts'
import { openStore } from '../../src/store/open.ts'
import { CALLER, CARD, EMAIL, PASSWORD, traceOf, type Visit, visit } from './_visit.ts'

const modules = { commands, errors, health, orders, payments, products, users }
// These export nothing that is called.
const OTHERS = ['api', 'app', 'cli']

/** What a module gives away, as it is recorded: functions, and the methods of classes. */
function functionsOf(module: string, namespace: object): string[] {
  return Object.entries(namespace).flatMap(([name, value]) => {
    if (typeof value !== 'function') return []
    if (!/^class\b/.test(String(value))) return [`${module}:${name}`]
    const methods = [...Object.getOwnPropertyNames(value), ...Object.getOwnPropertyNames(value.prototype)]
    const left = methods.filter((key) => !['length', 'name', 'prototype', 'constructor'].includes(key))
    return left.map((method) => `${module}:${name}.${method}`)
  })
}

const exported = Object.entries(modules).flatMap(([name, namespace]) => functionsOf(name, namespace))

/** What one order calls, and from where. */
const ORDER: Record<string, string> = {
  userFrom: '',
  placeOrder: '',
  findProduct: 'placeOrder',
  listProducts: 'findProduct',
  priceOf: 'placeOrder',
  charge: 'placeOrder',
  'OrderBook.open': 'placeOrder',
  'OrderBook.append': 'placeOrder'
}

/** The functions among entries of one trace, with the one that called each. */
function callersIn(entries: readonly Entry[]): Record<string, string> {
  const names = new Map(entries.map(({ spanId, functionName }) => [spanId, functionName]))
  const known = entries.map(({ functionName, parentId }) => [
    functionName,
    names.get(parentId) ?? String(parentId || '')
  ])
  return Object.fromEntries(known)
}

async function readAll(path: string): Promise<Entry[]> {
  const store = await openStore(path)
  const entries: Entry[] = []
  for await (const entry of store.query()) entries.push(entry)
  await store.close()
  return entries
}

const isCommand = ({ extra }: Entry): boolean => extra.command !== undefined
const names = (entries: readonly Entry[]): string[] => entries.map(({ functionName }) => functionName)

const guide = suite('docs/integration.md')

guide('shows the code of the example', () => {
  const blocks = [...readFileSync('docs/integration.md', 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, code]) => code
  )
  const files = ['nfo.config.ts', 'src/app.ts', 'src/api.ts', 'src/cli.ts']
  const example = files.map((file) => readFileSync(`examples/shop/${file}`, 'utf8')).join('\n')
  const config = readFileSync('examples/shop/nfo.config.ts', 'utf8').replace(/^ *\/[/*].*\n/gm, '')
  assert.is(blocks[0], config)
  const [middleware] = /app\.use\(async [\s\S]*?\n}\)\n/.exec(blocks[1]) as RegExpExecArray
  assert.ok(example.includes(middleware))
  for (const said of blocks[1].match(/^(import .*(hono|'nfo').*|process.*)$/gm) ?? [])
    assert.ok(example.includes(said), said)
})

guide.run()

for (const runtime of ['node', 'node24', 'deno', 'bun']) {
  const test = suite(`shop, ${runtime}`)
  if (runtime === 'node24' && !process.env.NFO_NODE) {
    console.log('the shop on a Node that runs TypeScript is skipped: no NFO_NODE')
    continue
  }
  let seen: Visit
  let entries: Entry[]
  const of = (id: string): Entry[] => entries.filter(({ extra }) => extra.requestId === id)
  const database = (): string => join(seen.shop.folder, 'shop.db')
  test.after(() => seen?.leave())

  test('a command runs, and the API starts', async () => {
    seen = await visit(runtime)
    assert.equal([seen.commands.import.status, seen.commands.import.stdout], [0, '3 products\n'])
  })

  test('requests are answered', async () => {
    await seen.browse()
    await seen.order50()
    await seen.fail()
    const failed = [...seen.answers].filter(([, status]) => status > 201).map(([id, status]) => `${id} ${status}`)
    assert.equal(failed, ['wrong 401', 'nobody 401', 'none 404', 'refused 500', 'too-many 409', 'ill 500'])
  })

  test('commands run beside the API', () => {
    if (!seen.shop.oneWriter) seen.runCommands()
  })

  test('SIGTERM while there is work ends the API when it is done', async () => {
    const { code, last } = await seen.end()
    assert.is(code, 0)
    assert.ok(last.length > 0)
  })

  test('commands run without it', async () => {
    if (seen.shop.oneWriter) seen.runCommands()
    const { restock, report, nothing } = seen.commands
    assert.equal([restock.status, report.status, nothing.status], [0, 0, 1])
    assert.is(restock.stderr, '')
    assert.match(report.stdout, /^\d+ orders, /)
    entries = await readAll(database())
  })

  test('each function that the app exports is in the database', () => {
    const files = readdirSync('examples/shop/src').map((file) => file.replace('.ts', ''))
    assert.equal(files, [...Object.keys(modules), ...OTHERS].sort())
    for (const name of OTHERS)
      assert.not.match(readFileSync(`examples/shop/src/${name}.ts`, 'utf8'), /export .*(=>|\()$/)
    const recorded = entries.map(
      ({ module, functionName }) => `${module.replace(/^(dist\/)?src\//, '')}:${functionName}`
    )
    assert.equal(
      exported.filter((name) => !recorded.includes(name)),
      []
    )
    assert.ok(exported.length >= 17)
  })

  test('each entry says of which request or command it is', () => {
    const without = entries.filter((entry) => !isCommand(entry) && !(entry.extra.requestId && entry.extra.method))
    assert.equal(
      without.map(({ args }) => args[0]),
      ['listening']
    )
    const requests = new Set(entries.map(({ extra }) => extra.requestId).filter(Boolean))
    // What the health check does is not recorded while all is well.
    assert.equal(
      [...seen.answers.keys()].filter((id) => !requests.has(id)),
      ['healthy']
    )
    assert.ok(entries.every(({ traceId, environment }) => traceId && environment))
    assert.equal(new Set(of('one').map(({ extra }) => extra.route)), new Set(['/products/:sku']))
  })

  test('of 50 requests at once each has its own calls, trace and callers', () => {
    for (let count = 1; count <= 50; count++) {
      const own = of(`order-${count}`)
      assert.is(own.length, Object.keys(ORDER).length)
      assert.equal(callersIn(own), ORDER)
      for (const { traceId, extra } of own) {
        assert.is(traceId, traceOf(count))
        assert.equal([extra.traceParent, extra.method, extra.route], [CALLER, 'POST', '/orders'])
      }
      const counted = own.filter(({ functionName }) => functionName === 'priceOf' || functionName === 'placeOrder')
      assert.equal(new Set(own.slice(1).map(({ extra }) => extra.user)), new Set(['ann']))
      assert.is(counted.length, 2)
      assert.ok(counted.every(({ args }) => args[1] === count || (args[0] as { count: number }).count === count))
    }
  })

  test('a failure has its request, its stack and its caller', () => {
    const own = of('refused')
    const failed = own.filter(({ level }) => level === 'error')
    assert.equal(names(failed).sort(), ['charge', 'placeOrder'])
    for (const { exception, traceback, extra } of failed) {
      assert.match(exception ?? '', /^card \[REDACTED\] was refused for 20000$/)
      assert.match(traceback ?? '', 'charge')
      assert.equal([extra.requestId, extra.user], ['refused', 'ann'])
    }
    assert.is(callersIn(own).charge, 'placeOrder')
    const [message] = own.filter(({ kind }) => kind === 'message')
    assert.equal([message.args[0], message.extra.status, message.level], ['request failed', 500, 'warn'])
    assert.equal(names(of('ill')), ['checkHealth', ''])
  })

  test('no secret is in the files of the database', () => {
    const files = readdirSync(seen.shop.folder).filter((name) => name.startsWith('shop.db'))
    const text = files.map((name) => readFileSync(join(seen.shop.folder, name), 'latin1')).join()
    assert.ok(seen.token.length > 30)
    for (const secret of [PASSWORD, seen.token, CARD, EMAIL]) assert.not(text.includes(secret), secret)
    const [entry] = of('order-1').filter(({ functionName }) => functionName === 'userFrom')
    assert.match(String((entry.args[0] as Map<string, unknown>).get('x-request-id')), 'order-1')
    assert.ok((entry.args[0] as Map<string, unknown>).has('authorization'))
  })

  test('no call of a request that was answered before the end is lost', () => {
    const answered = [...seen.answers.keys()].filter((id) => id.startsWith('load-'))
    assert.ok(answered.length > 100)
    for (const id of answered) assert.equal(callersIn(of(id)), ORDER, id)
    const written = readFileSync(join(seen.shop.folder, 'orders.jsonl'), 'utf8').trim().split('\n').length
    assert.is(names(entries).filter((name) => name === 'OrderBook.append').length, written)
  })

  test('the runs of the commands are beside them', () => {
    const runs = entries.filter(isCommand)
    const commandOf = ({ extra }: Entry): string => [extra.command, ...(extra.arguments as string[])].join(' ')
    assert.equal([...new Set(runs.map(commandOf))].sort(), [
      'import products.csv',
      'nothing',
      'report',
      'restock tea 7'
    ])
    assert.equal(callersIn(runs.filter((entry) => commandOf(entry) === 'restock tea 7')), {
      restock: '',
      listProducts: 'restock',
      saveProducts: 'restock'
    })
    const [failed] = runs.filter(({ level }) => level === 'error')
    assert.equal([failed.args[0], failed.extra.command], ['command failed', 'nothing'])
    assert.equal(new Set(runs.map(({ traceId }) => traceId)).size, 4)
  })

  test('the commands of nfo answer', () => {
    const ask = (...args: string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8' })
      assert.is(stderr, '')
      return stdout
    }
    const tree = ask('query', database(), '--trace', traceOf(7), '--format', 'tree')
    assert.match(tree, /placeOrder\(.*\n.* {3}findProduct\(sku: 'tea'\).*\n.* {5}listProducts\(\)/)
    const { functions } = JSON.parse(ask('stats', database(), '--format', 'json'))
    const charged = functions.find(({ name }: { name: string }) => name === 'charge')
    assert.equal([charged.calls > 50, charged.errors], [true, 1])
    const sql = `SELECT count(*) AS calls FROM logs WHERE json_extract(extra, '$.requestId') = 'order-7'`
    assert.equal(JSON.parse(ask('sql', database(), sql, '--format', 'json')), { calls: 8 })
  })

  test.run()
}
