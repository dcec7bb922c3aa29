import { readFile } from 'node:fs/promises'
import { OrderBook } from './orders.ts'
import { listProducts, saveProducts } from './products.ts'

/** `shop import FILE`: the products of a file that has `sku,price,stock` lines. */
export async function importProducts(path: string): Promise<string> {
  const products = (await readFile(path, 'utf8')).trim().split('\n').map(parseProduct)
  await saveProducts(products)
  return `${products.length} products`
}

export function parseProduct(line: string): { sku: string; price: number; stock: number } {
  const [sku, price, stock] = line.split(',')
  if (!(Number(price) > 0)) throw new TypeError(`no price in '${line}'`)
  return { sku, price: Number(price), stock: Number(stock) }
}

/** `shop restock SKU COUNT` */
export async function restock(sku: string, count: string): Promise<string> {
  const products = await listProducts()
  const restocked = products.map((product) =>
    product.sku === sku ? { ...product, stock: product.stock + Number(count) } : product
  )
  await saveProducts(restocked)
  return `${count} more of ${sku}`
}

/** `shop report` */
export async function report(): Promise<string> {
  let [orders, turnover] = [0, 0]
  for await (const { total } of OrderBook.open().read()) {
    orders++
    turnover += total
  }
  return `${orders} orders, ${turnover.toFixed(2)} EUR`
}
