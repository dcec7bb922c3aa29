import { readFileSync } from 'node:fs'
import pino from 'pino'
import { loggedCalls, parseLine } from './_recorded.mjs'

/** What writes calls to a file, and how to read that file back. */
export const fileContenders = [
  { id: 'json', name: 'nfo, JSON lines', open: openJson, read: readJson },
  { id: 'csv', name: 'nfo, CSV', open: openCsv, read: readCsv, headLines: 1 },
  { id: 'pino', name: 'pino, its asynchronous file destination', open: openPino, read: readPino }
]

async function openJson(path, entries) {
  const { jsonSink } = await import(entries.json)
  return openNfo(entries, jsonSink(path))
}

async function openCsv(path, entries) {
  const { csvSink } = await import(entries.csv)
  return openNfo(entries, csvSink(path))
}

/** As an application has it: no options but the level. */
async function openNfo(entries, sink) {
  const { createLogger } = await import(entries.nfo)
  const logger = createLogger({ level: 'info', sinks: [sink] })
  return {
    wrap: (fn, name) => logger.wrap(fn, { name, level: 'info' }),
    end: async () => void logger.flushSync()
  }
}

function openPino(path) {
  const destination = pino.destination({ dest: path, sync: false })
  const logger = pino({ base: undefined }, destination)
  return {
    wrap: loggedCalls(
      (fields) => logger.info(fields),
      (fields) => logger.error(fields)
    ),
    end() {
      const closed = new Promise((resolve) => destination.once('close', resolve))
      destination.end()
      return closed
    }
  }
}

const linesOf = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean)

function readPino(path) {
  return linesOf(path).map((line) => parseLine(line, ({ level }) => pino.levels.labels[level]))
}

function readJson(path) {
  return linesOf(path).map((line) => toRecord(JSON.parse(line)))
}

function readCsv(path) {
  const [head, ...rows] = cells(readFileSync(path, 'utf8'))
  return rows.map((row) => {
    const fields = Object.fromEntries(head.map((name, index) => [name, row[index]]).filter(([, text]) => text !== ''))
    for (const name of ['args', 'return_value', 'duration_ms'])
      if (name in fields) fields[name] = JSON.parse(fields[name])
    return toRecord(fields)
  })
}

/** RFC 4180, CRLF. */
function cells(text) {
  const rows = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') rows.push([])
  }
  return rows.filter((row) => row.length > 1)
}

const toRecord = (row) => ({
  functionName: row.function_name,
  level: row.level.toLowerCase(),
  args: row.args,
  result: row.return_value,
  exceptionType: row.exception_type,
  exception: row.exception,
  durationMs: row.duration_ms
})
