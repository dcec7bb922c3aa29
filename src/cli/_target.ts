import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Entry } from '../core/types.ts'
import { UsageError } from './_command.ts'
import { createDatabase, insert } from './_database.ts'
import { entriesTo } from './_entries.ts'
import { outputTo } from './_output.ts'
import { PLAIN } from './_terminal.ts'

/** What a file can be written as. */
export const FILE_FORMATS = ['sqlite', 'json', 'csv', 'md'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

const ENDINGS: Record<FileFormat, readonly string[]> = {
  sqlite: ['.db', '.sqlite', '.sqlite3'],
  json: ['.jsonl', '.ndjson', '.json'],
  csv: ['.csv'],
  md: ['.md', '.markdown']
}

/** The format that the end of a name stands for. */
export function formatOf(path: string): FileFormat {
  const found = FILE_FORMATS.find((format) => ENDINGS[format].some((ending) => path.toLowerCase().endsWith(ending)))
  if (found) return found
  const known = Object.values(ENDINGS).flat().join(', ')
  throw new UsageError(
    `[nfo] [export] cannot tell the format of ${path}; give --format, or a name that ends with ${known}`
  )
}

/** A file that is there as a whole or not at all. */
export interface Target {
  write(entries: readonly Entry[]): void | Promise<void>
  /** Puts it in its place. */
  keep(): Promise<void>
  /** Leaves nothing behind; may come at any moment, also after `keep`. */
  discard(): void
}

// What SQLite and sql.js keep beside a database; a new file under its name would meet them. Empty ones are left from reading.
const BESIDE = ['-wal', '-journal', '-nfo', '-nfo.lock']

/** Throws when something is at the path, or beside it, that a new file would replace or run into. */
export function rejectExisting(path: string, mayReplace: boolean): void {
  if (!mayReplace && existsSync(path)) {
    throw new Error(`[nfo] [export] ${path} is there already; choose another name, or replace it with --force`)
  }
  const beside = BESIDE.find((ending) => sizeOf(path + ending) > 0)
  if (!beside) return
  throw new Error(`[nfo] [export] ${path}${beside} shows a database in use; choose another name, or remove it first`)
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Writes beside `path`, under a name of its own, and moves it there when it is complete. */
export async function openTargetFile(path: string, format: FileFormat): Promise<Target> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const file = format === 'sqlite' ? await databaseAt(temporary) : textAt(temporary, format)
    return {
      write: file.write,
      async keep() {
        await file.close()
        renameSync(temporary, path)
      },
      discard: () => removeAll(temporary)
    }
  } catch (error) {
    removeAll(temporary)
    const { message } = error as Error
    if (message.startsWith('[nfo]')) throw error
    throw new Error(`[nfo] [export] cannot write ${path}: ${message}; check the path and its permissions`)
  }
}

interface OpenFile {
  write(entries: readonly Entry[]): void | Promise<void>
  /** Waits for the disk. */
  close(): void | Promise<void>
}

function textAt(path: string, format: Exclude<FileFormat, 'sqlite'>): OpenFile {
  const file = openSync(path, 'wx')
  const writer = entriesTo(outputTo(file, path), format, PLAIN)
  return {
    write: (entries) => entries.forEach(writer.add),
    close() {
      writer.end()
      fsyncSync(file)
      closeSync(file)
    }
  }
}

async function databaseAt(path: string): Promise<OpenFile> {
  const driver = await createDatabase(path, 'export')
  return {
    write: (entries) => insert(driver, entries),
    async close() {
      await driver.flush?.()
      await driver.close()
    }
  }
}

/** Also what a database keeps beside it. */
function removeAll(path: string): void {
  const folder = dirname(path)
  if (!existsSync(folder)) return
  const names = readdirSync(folder).filter((name) => name.startsWith(basename(path)))
  for (const name of names) rmSync(join(folder, name), { force: true })
}
