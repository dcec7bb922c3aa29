import { RECORD_VERSION } from '../record/chunk.ts'
import { readRecord } from '../record/read.ts'
import type { FileSystem } from '../runtimes/types.ts'
import { ifThere } from './fileSet.ts'
import type { FollowSource, Found, Skip, Source } from './source.ts'

/** A record file: calls and messages in the order in which they ended, then the calls that had not ended. */
export function recordFile(fs: FileSystem, path: string): Source {
  return {
    async *read(skip) {
      yield readerOf(fs, path)(skip)
    },
    follow(options) {
      const read = readerOf(fs, path)
      return follow(read, options, read(options.skip))
    }
  }
}

/** Gives, each time, what has come since the last time. A call that was open comes once more when it has ended. */
function readerOf(fs: FileSystem, path: string): (skip: Skip) => Found[] {
  let seen = new Set<string>()
  return (skip) => {
    const before = seen
    const { header, entries, open, lost, format } = readRecord(fs.readFileSync(path))
    if (format > RECORD_VERSION) throw new Error(`[nfo] [store] ${path} is in format ${format}; use a newer nfo`)
    skip(lost.records)
    const keyed = [...entries, ...open].map((entry) => {
      return { entry, key: `${header?.started} ${entry.sequence} ${entry.open ?? ''}` }
    })
    seen = new Set(keyed.map(({ key }) => key))
    return keyed.filter(({ key }) => !before.has(key))
  }
}

async function* follow(
  read: (skip: Skip) => Found[],
  { existing, pause }: FollowSource,
  there: Found[]
): AsyncGenerator<Found[] | false> {
  if (existing) yield there
  yield false
  // Blocks that are overwritten meanwhile are no damage.
  while (await pause()) yield ifThere(() => read(() => {})) ?? []
}
