import { readFile, rename, writeFile } from 'node:fs/promises'
import { ShopError } from './errors.ts'

export interface Product {
  sku: string
  price: number
  stock: number
}

const PATH = 'products.json'

export async function listProducts(): Promise<Product[]> {
  return JSON.parse(await readFile(PATH, 'utf8'))
}

export async function findProduct(sku: string): Promise<Product> {
  const products = await listProducts()
  const found = products.find((product) => product.sku === sku)
  if (!found) throw new ShopError(404, `there is no ${sku}`)
  return found
}

export async function saveProducts(products: readonly Product[]): Promise<void> {
  await writeFile(`${PATH}.new`, JSON.stringify(products))
  await rename(`${PATH}.new`, PATH)
}
