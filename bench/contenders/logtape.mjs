import { configureSync, getLogger, jsonLinesFormatter } from '@logtape/logtape'
import { loggedCalls, parseLine } from './_recorded.mjs'

/** LogTape with its JSON Lines formatter: a sink that did not format would keep references, not what was passed. */
export function create({ destination }) {
  configureSync({
    sinks: { out: (record) => destination.write(jsonLinesFormatter(record)) },
    loggers: [
      { category: ['bench'], lowestLevel: 'info', sinks: ['out'] },
      { category: ['logtape', 'meta'], lowestLevel: 'error', sinks: [] }
    ]
  })
  const logger = getLogger(['bench'])
  return {
    wrap: loggedCalls(
      (fields) => logger.info('call', fields),
      (fields) => logger.error('call', fields)
    ),
    records: () => destination.written.map((line) => parseLine(line))
  }
}
