import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** Charges a card and gives the number of the receipt. */
export async function charge(total: number, cardNumber: string): Promise<string> {
  await sleep(1)
  if (total > 1000) throw new Error(`card ${cardNumber} was refused for ${total}`)
  return randomUUID()
}
