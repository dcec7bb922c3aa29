const MASK = 63

const order = (id) => ({ id, name: `order ${id}`, tags: ['new', 'paid'], nested: { x: id + 0.5, y: [1, 2, 3] } })

/** What is called, and how: `call` is the text inside the measured loop, where `fn`, `i` and `inputs` are in scope. */
export const workloads = {
  ints: { title: 'integers', fn: (a, b) => a + b, call: 'fn(i, 7)' },
  floats: { title: 'non-integers', fn: (a, b) => a + b, call: 'fn(i + 0.5, 7.25)' },
  string: {
    title: 'string of 10',
    fn: (text) => text.length,
    call: `fn(inputs[i & ${MASK}])`,
    inputs: Array.from({ length: MASK + 1 }, (_, index) => `item-${10000 + index}`)
  },
  object: {
    title: 'nested object',
    fn: (value) => value.id,
    call: `fn(inputs[i & ${MASK}])`,
    inputs: Array.from({ length: MASK + 1 }, (_, index) => order(index))
  },
  async: { title: 'async', fn: async (value) => value, call: 'await fn(i)', isAsync: true }
}

/**
 * A loop of its own for each function that is measured: one shared loop would see three different functions,
 * and no engine would inline any of them. The label keeps engines from sharing a compiled copy.
 */
export function makeLoop({ call, isAsync }, label) {
  const body = `// ${label}
    let sum = 0
    for (let i = from; i < to; i++) sum += ${call}
    return sum`
  const Constructor = isAsync ? (async () => {}).constructor : Function
  return new Constructor('fn', 'from', 'to', 'inputs', body)
}
