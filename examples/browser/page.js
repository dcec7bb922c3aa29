import { wrap } from 'nfo'
import { recordPage } from 'nfo/browser'

// In the console: nfo.dump(), nfo.crash()
const { logger, lastCrash } = recordPage({ url: '/logs', version: '1.2.0', expose: true })

const price = wrap((sku, count) => {
  if (count < 1) throw new RangeError(`cannot price ${count} of ${sku}`)
  return count * 9.5
}, 'price')

const buy = wrap((sku, count) => ({ sku, total: price(sku, count) }), 'buy')

document.querySelector('#buy').addEventListener('click', () => {
  const { total } = buy('tea', 2)
  logger.info('bought', { total })
})

// Nobody catches it: it is an entry with its stack, and the next visit shows what came before.
document.querySelector('#break').addEventListener('click', () => buy('cup', 0))

const left = await lastCrash
if (left) document.querySelector('#left').textContent = `Last time, ${left.entries.at(-1).exception}.`
