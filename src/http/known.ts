import type { Exchange } from './types.ts'

let exchanges: WeakMap<object, Exchange> | undefined

/** Keeps the exchange of a request for who has only the framework's object of it. */
export function keep(request: object, exchange: Exchange | undefined): Exchange | undefined {
  exchanges ??= new WeakMap()
  if (exchange) exchanges.set(request, exchange)
  return exchange
}

/** Keeps what a handler threw for the entry of its request. */
export function threwIn(request: object, error: unknown): void {
  const exchange = exchangeOf(request)
  if (exchange) exchange.thrown = { error }
}

export const exchangeOf = (request: object): Exchange | undefined => exchanges?.get(request)
