import { openSync } from 'node:fs'
import pino from 'pino'
import { loggedCalls, parseLine } from './_recorded.mjs'

/**
 * pino without its process id and host name, which no other contender records. With a `path` it writes through its own
 * file destination, as an application would; without one its lines end in a function that does nothing.
 */
export function create({ destination, path }) {
  const logger = pino(
    { base: undefined },
    path ? tapped(pino.destination(openSync(path, 'a')), destination) : destination
  )
  return {
    wrap: loggedCalls(
      (fields) => logger.info(fields),
      (fields) => logger.error(fields)
    ),
    records: () => destination.written.map((line) => parseLine(line, ({ level }) => pino.levels.labels[level]))
  }
}

/** Counts what goes to a file, or keeps it to be compared. */
function tapped(file, destination) {
  const write = file.write.bind(file)
  file.write = (line) => {
    destination.write(line)
    return write(line)
  }
  return file
}
