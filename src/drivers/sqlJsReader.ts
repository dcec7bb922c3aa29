import { runtime } from '../runtimes/generic.ts'
import { hotJournal, type Image, locate, readImage, stampAt } from './_image.ts'
import { readJournal } from './_journal.ts'
import type { Blocks } from './_journalBlocks.ts'
import { type Files, failure, filesFor } from './_journalFiles.ts'
import { loadSqlJs, type SqlJsModule } from './sqlJsModule.ts'
import { explained, type Mounted, markAbsorbed, mount, prepareMounted, replay } from './sqlJsMount.ts'
import type { DriverOptions, SqlDriver, Table } from './types.ts'

/**
 * Reads a database file and its journal into memory, also while another process writes, and again when they have changed.
 * Nothing on the disk changes.
 */
export function sqlJsReader(given: string, options: DriverOptions): SqlDriver {
  const { part } = options
  const fs = filesFor(part, given)
  let path = given
  let mounted: Mounted | undefined
  let stamp = ''
  let seen = ''
  let sqlJs: SqlJsModule | undefined

  const attempt = <Result>(use: () => Result): Result => {
    try {
      return use()
    } catch (error) {
      throw failure(part, 'open', given, explained(error))
    }
  }

  function readTables(sql: string, values: Parameters<SqlDriver['all']>[1]): Table {
    attempt(refresh)
    return mounted!.driver.all(sql, values ?? [])
  }

  /** Reads what is new: the journal's last transactions, or everything. */
  function refresh(): void {
    const stamps = `${stampAt(fs, path)}|${stampAt(fs, `${path}-nfo`)}`
    if (mounted && stamps === seen) return
    const { image, journal } = readBoth(fs, path)
    if (image.stamp !== stamp) drop()
    stamp = image.stamp
    try {
      mounted ??= mountImage(image)
      replay(mounted.driver, journal, notice)
      mounted.driver.transaction(markAbsorbed(journal))
    } catch (error) {
      drop()
      throw error
    }
    seen = stamps
  }

  function mountImage({ bytes }: Image): Mounted {
    const opened = mount(sqlJs!, bytes)
    prepareMounted(opened, options)
    return opened
  }

  function drop(): void {
    mounted?.driver.close()
    mounted = undefined
  }

  function notice(_: unknown, { message }: Error): void {
    runtime.print('stderr', `[nfo] [${part}] ${given} does not take a transaction of its journal: ${message}`)
  }

  const loading = attempt(() => {
    path = locate(fs, given, false)
    if (!stampAt(fs, path) && !stampAt(fs, `${path}-nfo`)) throw new Error('there is no such file; check the path')
    warnOfOthers(fs, path, part)
    return loadSqlJs(options.sqlJs)
  })
  const ready = loading.then((module) => {
    sqlJs = module
  })
  ready.catch(() => {})

  return {
    name: 'sql.js',
    variables: 32_766,
    all(sql, values) {
      if (sqlJs) return readTables(sql, values)
      return ready.then(() => readTables(sql, values))
    },
    transaction() {
      throw new Error(`[nfo] [${part}] cannot write ${given}: it is open for reading; open it without readOnly`)
    },
    close: drop
  }
}

/** An image and the journal that belongs to it: a checkpoint in between changes both. */
function readBoth(fs: Files, path: string): { image: Image; journal: Blocks } {
  for (let tries = 0; tries < 10; tries++) {
    const image = readImage(fs, path)
    const journal = readJournal(fs, `${path}-nfo`)
    if (stampAt(fs, path) === image.stamp) return { image, journal }
  }
  throw new Error('it changes all the time; try again')
}

function warnOfOthers(fs: Files, path: string, part: string): void {
  const hot = hotJournal(fs, path)
  if (hot?.endsWith('-journal')) throw new Error(`${hot} shows a transaction at work; try again when it has ended`)
  if (!hot) return
  runtime.print(
    'stderr',
    `[nfo] [${part}] ${hot} may hold newer rows, which sql.js cannot see; use Node 22, Deno or Bun`
  )
}
