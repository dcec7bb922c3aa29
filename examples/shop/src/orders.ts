import { appendFile, readFile } from 'node:fs/promises'
import { ShopError } from './errors.ts'
import { charge } from './payments.ts'
import { findProduct, type Product } from './products.ts'

export interface OrderRequest {
  sku: string
  count: number
  cardNumber: string
}

export interface Order {
  sku: string
  count: number
  total: number
  receipt: string
}

export class OrderBook {
  static open(path = 'orders.jsonl'): OrderBook {
    return new OrderBook(path)
  }

  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  async append(order: Order): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(order)}\n`)
  }

  async *read(): AsyncGenerator<Order> {
    const lines = (await readFile(this.path, 'utf8')).split('\n')
    for (const line of lines) if (line) yield JSON.parse(line)
  }
}

export const priceOf = ({ price }: Product, count: number): number => Math.round(price * count * 100) / 100

export async function placeOrder({ sku, count, cardNumber }: OrderRequest): Promise<Order> {
  const product = await findProduct(sku)
  if (count > product.stock) throw new ShopError(409, `only ${product.stock} of ${sku} are left`)
  const total = priceOf(product, count)
  const receipt = await charge(total, cardNumber)
  const order = { sku, count, total, receipt }
  await OrderBook.open().append(order)
  return order
}
