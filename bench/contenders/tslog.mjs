import { Logger } from 'tslog'
import { loggedCalls, parseLine } from './_recorded.mjs'

/** tslog writing JSON, without looking up the line of code that logged. */
export function create({ destination }) {
  const logger = new Logger({ type: 'hidden', minLevel: 'INFO', stack: { capture: 'off' } })
  logger.attachTransport({ format: 'json', write: (_record, line) => destination.write(line) })
  return {
    wrap: loggedCalls(
      (fields) => logger.info(fields),
      (fields) => logger.error(fields)
    ),
    records: () => destination.written.map((line) => parseLine(line))
  }
}
