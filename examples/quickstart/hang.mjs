/** Works through prices until one of them makes it hang. */
import { configure, wrap } from 'nfo'

configure({ record: process.argv[2] })

const parsePrice = wrap(function parsePrice(text) {
  const digits = text.replace(/[^\d.]/g, '')
  // A bug: an amount without digits is waited for.
  while (digits === '');
  return Number(digits)
})

const importRow = wrap(function importRow(row) {
  return { id: row.id, price: parsePrice(row.price) }
})

for (let id = 1; ; id++) importRow({ id, price: id < 1000 ? `${id}.50 EUR` : 'free' })
