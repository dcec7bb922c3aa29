type Make = () => unknown

function nested(depth: number, wrapOnce: (inner: unknown) => unknown): unknown {
  let value: unknown = 'bottom'
  for (let level = 0; level < depth; level++) value = wrapOnce(value)
  return value
}

function causes(depth: number): Error {
  let error = new Error('first')
  for (let level = 0; level < depth; level++) error = new Error('next', { cause: error })
  return error
}

function wide(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, id) => [`key${id}`, id]))
}

function chain(length: number): object {
  let value: object = {}
  for (let link = 0; link < length; link++) value = Object.create(value)
  return value
}

/** Values that are too large to be looked at as a whole. */
export const sizes: Record<string, Make> = {
  'an object nested 100,000 deep': () => nested(100_000, (inner) => ({ inner })),
  'an array nested 100,000 deep': () => nested(100_000, (inner) => [inner]),
  'a Map nested 100,000 deep': () => nested(100_000, (inner) => new Map([['inner', inner]])),
  'two thousand causes': () => causes(2_000),
  'an array of a million numbers': () => new Array(1_000_000).fill(0),
  'an array of a million holes': () => new Array(1_000_000),
  'a sparse array of length 2^32 - 1': () => Object.assign([1], { length: 2 ** 32 - 1 }),
  'a sparse array with an item at its end': () => Object.assign([], { [2 ** 32 - 2]: 'last' }),
  'a Map of 100,000 entries': () => new Map(Array.from({ length: 100_000 }, (_, id) => [id, id])),
  'a Set of 100,000 items': () => new Set(Array.from({ length: 100_000 }, (_, id) => id)),
  'a string of a million characters': () => 'text '.repeat(200_000),
  'a string of a million astral characters': () => '😀'.repeat(500_000),
  'a property name of a million characters': () => ({ ['k'.repeat(1_000_000)]: 1 }),
  'a symbol of a million characters': () => Symbol('s'.repeat(1_000_000)),
  'a bigint of a million bits': () => 1n << 1_000_000n,
  'a buffer of ten megabytes': () => new Uint8Array(10_000_000),
  'an error whose message has a million characters': () => new Error('m'.repeat(1_000_000)),
  'a function whose name has a million characters': () =>
    Object.defineProperty(() => 1, 'name', { value: 'n'.repeat(1_000_000) }),
  'a hundred references to one large object': () => new Array(100).fill(wide(1_000))
}

/** Left out of the cost: the language lists all keys of an object or none, and looks for a missing one everywhere. */
export const indivisible: Record<string, Make> = {
  'an object of 20,000 keys': () => wide(20_000),
  'a prototype chain of 10,000 objects': () => chain(10_000)
}

/** Behind the capability `memory100MB`. */
export const gigantic: Record<string, Make> = {
  'a string of 100 MB': () => 'x'.repeat(100_000_000),
  'a buffer of 100 MB': () => new Uint8Array(100_000_000)
}
