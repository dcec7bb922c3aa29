/** A generator function that notes what happens to its generators. */
export function noted(log: string[]): (count: number) => Generator<number, string, unknown> {
  return function* counted(count) {
    log.push('start')
    try {
      for (let id = 0; id < count; id++) log.push(`got ${String(yield id)}`)
      return 'done'
    } catch (error) {
      log.push(`caught ${error}`)
      return 'recovered'
    } finally {
      log.push('finally')
    }
  }
}

type AsyncCount = (count: number) => AsyncGenerator<number, string, unknown>

/** The same, async. */
export function notedAsync(log: string[]): AsyncCount {
  return async function* counted(count) {
    log.push('start')
    try {
      for (let id = 0; id < count; id++) log.push(`got ${String(yield id)}`)
      return 'done'
    } catch (error) {
      log.push(`caught ${error}`)
      return 'recovered'
    } finally {
      await undefined
      log.push('finally')
    }
  }
}

export async function collect(run: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const value of run) list.push(value)
  return list
}
