import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Entry } from '../core/types.ts'
import { sqliteSink } from '../sinks/sqlite.ts'
import { entriesTo } from './_entries.ts'
import { outputTo } from './_output.ts'

/** What a file can be written as. */
export type FileFormat = 'sqlite' | 'json' | 'csv' | 'md'

const ENDINGS: Record<FileFormat, readonly string[]> = {
  sqlite: ['.db', '.sqlite', '.sqlite3'],
  json: ['.jsonl', '.ndjson', '.json'],
  csv: ['.csv'],
  md: ['.md', '.markdown']
}

/** The format that a name's ending stands for. */
export function formatOf(path: string): FileFormat {
  const formats = Object.keys(ENDINGS) as FileFormat[]
  const found = formats.find((format) => ENDINGS[format].some((ending) => path.toLowerCase().endsWith(ending)))
  if (found) return found
  const known = formats.flatMap((format) => ENDINGS[format]).join(', ')
  throw new Error(`[nfo] [export] cannot tell the format of ${path}; let its name end with ${known}`)
}

/** A file that is there as a whole or not at all. */
export interface Target {
  write(entries: readonly Entry[]): void | Promise<void>
  /** Puts it in its place. */
  keep(): Promise<void>
  /** Leaves nothing behind; may come at any moment. */
  discard(): void
}

/** Writes beside `path`, under a name of its own, and moves it there when it is complete. */
export function targetAt(path: string, format: FileFormat): Target {
  const temporary = `${path}.${process.pid}.tmp`
  const file = format === 'sqlite' ? databaseAt(temporary) : textAt(temporary, format)
  return {
    write: file.write,
    async keep() {
      await file.close()
      renameSync(temporary, path)
    },
    discard: () => removeAll(temporary)
  }
}

interface OpenFile {
  write(entries: readonly Entry[]): void | Promise<void>
  /** Waits for the disk. */
  close(): void | Promise<void>
}

function textAt(path: string, format: 'json' | 'csv' | 'md'): OpenFile {
  const file = openSync(path, 'wx')
  const writer = entriesTo(outputTo(file, path), format, { coloured: false, width: 0 })
  return {
    write: (entries) => entries.forEach(writer.add),
    close() {
      writer.end()
      fsyncSync(file)
      closeSync(file)
    }
  }
}

function databaseAt(path: string): OpenFile {
  const sink = sqliteSink(path)
  return {
    write: (entries) => sink.write(entries),
    async close() {
      // Without an entry there would be no file.
      await sink.write([])
      await sink.flush?.()
      await sink.close?.()
    }
  }
}

/** Also what a database keeps beside it. */
function removeAll(path: string): void {
  const folder = dirname(path)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) if (name.startsWith(basename(path))) rmSync(join(folder, name), { force: true })
}
