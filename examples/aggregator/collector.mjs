/** Takes the queue's messages, keeps their entries in one Durable Object with SQLite, and answers questions. */
import { DurableObject } from 'cloudflare:workers'
import { openStore } from 'nfo/store'
import { durableObjectSink, readEntries } from 'nfo/workers'

const KEPT = 30 * 86_400_000

export class Logs extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env)
    this.sink = durableObjectSink(ctx.storage)
    this.store = openStore(ctx.storage)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS received (id TEXT PRIMARY KEY, time INTEGER)')
  }

  /** A queue may deliver a message twice: each is taken once. There is no await, so all of a call is stored, or nothing. */
  add(messages) {
    for (const { id, body } of messages) {
      const { rowsWritten } = this.ctx.storage.sql.exec('INSERT OR IGNORE INTO received VALUES (?, ?)', id, Date.now())
      if (rowsWritten > 0) this.sink.write(readEntries(body))
    }
  }

  async query(filter) {
    const entries = []
    for await (const entry of this.store.query({ limit: 100, ...filter })) entries.push(entry)
    return entries
  }

  async stats(filter) {
    const { calls, errors, functions } = await this.store.stats(filter)
    return { calls, errors, functions: functions.map(({ name, calls, errors }) => ({ name, calls, errors })) }
  }

  /** Nothing is kept for ever. */
  forget() {
    const { sql } = this.ctx.storage
    sql.exec('DELETE FROM received WHERE time < ?', Date.now() - KEPT)
    sql.exec('DELETE FROM logs WHERE timestamp < ?', new Date(Date.now() - KEPT).toISOString())
  }
}

const logsOf = ({ LOGS_STORE }) => LOGS_STORE.getByName('all')

export default {
  async queue({ messages }, env) {
    await logsOf(env).add(messages.map(({ id, body }) => ({ id, body })))
  },
  async scheduled(_, env) {
    await logsOf(env).forget()
  },
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url)
    const filter = { ...Object.fromEntries(searchParams), ...(searchParams.has('errors') && { errors: true }) }
    const logs = logsOf(env)
    return Response.json(pathname === '/stats' ? await logs.stats(filter) : await logs.query(filter))
  }
}
