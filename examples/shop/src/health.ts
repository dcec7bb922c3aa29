import { access } from 'node:fs/promises'

export async function checkHealth(): Promise<string> {
  await access('products.json')
  return 'ok'
}
