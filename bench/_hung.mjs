import { entriesOf } from './_endings.mjs'
import { ask } from './_runtimes.mjs'
import { hung } from './contenders/hung.mjs'

const RECORDS = 100_000

/** Rows: how memory grows by 100,000 more records while the end that takes them never answers. */
export async function heldByHungEnds({ entry }) {
  const rows = []
  for (const name of Object.keys(hung)) {
    const request = { name, records: RECORDS, entry: entriesOf(entry).nfo }
    const { grown, lost } = await ask('node', '_hung-child.mjs', request, { gc: true })
    rows.push([
      name,
      `${(grown / 1e6).toFixed(1)} MB`,
      lost === undefined ? 'nothing' : `${lost.toLocaleString('en-US')} dropped`
    ])
  }
  return [['an end that never answers', '100,000 more records take', 'it says of losses'], ...rows]
}
