import { configure, type ProjectLogger } from 'nfo'
import { sqliteSink } from 'nfo/sqlite'
import { redact, sample, tag } from 'nfo/stages'

/** Where the calls of the API and of the commands go. */
export const logger: ProjectLogger = configure({
  name: 'shop',
  level: 'info',
  // Calls are debug. Those of the health check are recorded when they fail.
  levels: { '*src/*': 'debug', '*src/health': 'error' },
  sinks: [sqliteSink('shop.db', { maxAge: '30d', maxBytes: 100_000_000 })],
  redact: ['email'],
  stages: [tag(), redact({ patterns: [/\bDE\d{20}\b/] }), sample({ budget: 20_000 })]
})
