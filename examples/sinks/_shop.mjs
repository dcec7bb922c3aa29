/** A shop to record: prices, a sale that fails, a slow query. */
import { setTimeout as sleep } from 'node:timers/promises'

export const shop = {
  price(sku, count) {
    return { sku, total: count * 9.5 }
  },
  sell(sku) {
    if (sku === '=umbrella()') throw new RangeError(`${sku} is sold out`)
    return 'sold'
  },
  async search(text) {
    await sleep(20)
    return [`${text} 1`, `${text} 2`]
  }
}

/** What happens in a day. */
export async function day({ price, sell, search }) {
  for (const sku of ['tea', 'cup', '=umbrella()']) {
    await search(sku)
    price(sku, 2)
    try {
      sell(sku)
    } catch {}
  }
}
