/** US dollars for a million tokens that go in and that come out. */
export type Price = readonly [input: number, output: number]

export interface LlmCaps {
  /** Requests an hour. @default 30 */
  calls?: number
  /** Tokens an hour, in and out. @default 100_000 */
  tokens?: number
  /** US dollars an hour. @default 0.5 */
  cost?: number
}

/** What was spent on one model. */
export interface LlmCost {
  calls: number
  inputTokens: number
  outputTokens: number
  /** US dollars. */
  cost: number
}

/** Keeps to the caps: what a request may cost at most is set aside before it, what it did cost is booked after it. */
export interface Budget {
  /** Sets aside; undefined when that would go over a cap. */
  reserve(inputBytes: number, maxTokens: number): Booking | undefined
  spent(): Record<string, LlmCost>
}

export interface Booking {
  /** Replaces what was set aside; gives the cost in US dollars. */
  settle(inputTokens: number, outputTokens: number): number
}

// List prices of the services, by the beginning of a name. They change; `prices` is for that.
const PRICES: Record<string, Price> = {
  'gpt-4o-mini': [0.15, 0.6],
  'gpt-4o': [2.5, 10],
  'gpt-4.1': [2, 8],
  'gpt-5-mini': [0.25, 2],
  'gpt-5': [1.25, 10],
  'claude-haiku': [1, 5],
  'claude-sonnet': [3, 15]
}
// A model that is not known is taken for the dearest, so that the cap holds.
const DEAREST: Price = [15, 75]
const HOUR = 3_600_000
// What a protocol adds around two messages.
const FRAME = 64

function priceOf(model: string, isFree: boolean, own: Record<string, Price>): Price {
  const table = { ...PRICES, ...own }
  const names = Object.keys(table).filter((name) => model.startsWith(name))
  const [nearest] = names.sort((one, other) => other.length - one.length)
  return nearest === undefined ? (isFree ? [0, 0] : DEAREST) : table[nearest]
}

export function createBudget(model: string, isFree: boolean, caps: LlmCaps, prices: Record<string, Price>): Budget {
  const { calls = 30, tokens = 100_000, cost = 0.5 } = caps
  const price = priceOf(model, isFree, prices)
  const total: LlmCost = { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0 }
  let hour: { at: number; tokens: number; cost: number }[] = []
  const dollars = (input: number, output: number): number => (input * price[0] + output * price[1]) / 1e6

  return {
    reserve(inputBytes, maxTokens) {
      const at = performance.now()
      hour = hour.filter((one) => at - one.at < HOUR)
      // No token has less than a byte.
      const input = inputBytes + FRAME
      const booked = { at, tokens: input + maxTokens, cost: dollars(input, maxTokens) }
      const allTokens = hour.reduce((sum, one) => sum + one.tokens, booked.tokens)
      const allCost = hour.reduce((sum, one) => sum + one.cost, booked.cost)
      if (hour.length >= calls || allTokens > tokens || allCost > cost) return undefined
      hour.push(booked)
      total.calls++
      return {
        settle(inputTokens, outputTokens) {
          booked.tokens = inputTokens + outputTokens
          booked.cost = dollars(inputTokens, outputTokens)
          total.inputTokens += inputTokens
          total.outputTokens += outputTokens
          total.cost += booked.cost
          return booked.cost
        }
      }
    },
    spent: () => ({ [model]: { ...total } })
  }
}
