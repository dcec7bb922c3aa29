import type { Logger } from '../src/core/logger.ts'
import type { Entry } from '../src/core/types.ts'

export const KINDS = ['asynchronous', 'plain', 'promising', 'generator', 'asyncGenerator'] as const

/** A call to be made, and how: `waits` says what happens before each of its own calls. */
export interface Tree {
  kind: (typeof KINDS)[number]
  waits: number[]
  children: Tree[]
}

const timer = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
// biome-ignore lint/suspicious/noThenProperty: awaiting one is the point
const thenable = { then: (resolve: (value: number) => void) => resolve(1) }
const WAITS = [() => null, () => null, () => Promise.resolve(), timer, () => thenable, () => timer().then(() => null)]

/** Runs trees with wrapped functions; each call's arguments are its own number and that of its caller. */
export function forest(logger: Logger): { plant(tree: Tree, caller?: number): Promise<void>; size(): number } {
  const trees: Tree[] = []
  const waitOf = ({ waits }: Tree, index: number): unknown => WAITS[(waits[index % waits.length] ?? 0) % WAITS.length]()
  const name = (kind: Tree['kind']) => ({ name: kind, params: ['id', 'caller'] })

  const asynchronous = logger.wrap(async (id: number, _caller: number): Promise<void> => {
    const tree = trees[id]
    const pending: Promise<void>[] = []
    for (const [index, child] of tree.children.entries()) {
      await waitOf(tree, index)
      // Some of them run beside each other.
      if (tree.waits.length % 2) pending.push(plant(child, id))
      else await plant(child, id)
    }
    await Promise.all(pending)
  }, name('asynchronous'))

  const plain = logger.wrap(
    (id: number, _caller: number): unknown[] => trees[id].children.map((child) => plant(child, id)),
    name('plain')
  )

  const promising = logger.wrap((id: number, _caller: number): Promise<void> => {
    const tree = trees[id]
    return tree.children.reduce(
      (before, child, index) => before.then(() => waitOf(tree, index)).then(() => plant(child, id)),
      Promise.resolve()
    )
  }, name('promising'))

  const generator = logger.wrap(function* (id: number, _caller: number): Generator<Promise<void>> {
    for (const child of trees[id].children) yield plant(child, id)
  }, name('generator'))

  const asyncGenerator = logger.wrap(async function* (id: number, _caller: number): AsyncGenerator<number> {
    const tree = trees[id]
    for (const [index, child] of tree.children.entries()) {
      await waitOf(tree, index)
      await plant(child, id)
      yield index
    }
  }, name('asyncGenerator'))

  async function plant(tree: Tree, caller = -1): Promise<void> {
    const id = trees.push(tree) - 1
    if (tree.kind === 'asynchronous') return asynchronous(id, caller)
    if (tree.kind === 'promising') return promising(id, caller)
    if (tree.kind === 'plain') return void (await Promise.all(plain(id, caller)))
    if (tree.kind === 'generator') {
      for (const step of generator(id, caller)) await step
      return
    }
    for await (const _ of asyncGenerator(id, caller)) await null
  }
  return { plant, size: () => trees.length }
}

/** What is wrong with the callers of these entries, and how many of them are not known. */
export function judged(entries: readonly Entry[]): { right: number; unknown: number; wrong: string[] } {
  const ids = new Map(entries.map(({ spanId, args }) => [spanId, args[0]]))
  const result = { right: 0, unknown: 0, wrong: [] as string[] }
  for (const { args, functionName, parentId } of entries) {
    const [id, caller] = args as [number, number]
    if (caller === -1 ? parentId === 0 : ids.get(parentId) === caller) result.right++
    else if (parentId === 0) result.unknown++
    else result.wrong.push(`${functionName} ${id}: ${ids.get(parentId)} instead of ${caller}`)
  }
  return result
}

/** A tree out of a number that says everything about it. */
export function treeOf(seed: number, depth = 4): Tree {
  let state = seed | 1
  const random = (below: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    return ((state ^ (state >>> 12)) >>> 0) % below
  }
  const grow = (left: number): Tree => ({
    kind: KINDS[random(KINDS.length)],
    waits: Array.from({ length: 1 + random(3) }, () => random(WAITS.length)),
    children: Array.from({ length: left === 0 ? 0 : random(4) }, () => grow(left - 1))
  })
  return grow(depth)
}
