import { loggedCalls, parseLine } from './_recorded.mjs'

/** No library: the call as `JSON.stringify` writes it. */
export function create({ destination }) {
  const write = (level) => (fields) => destination.write(JSON.stringify({ level, ...fields }))
  return {
    wrap: loggedCalls(write('info'), write('error')),
    records: () => destination.written.map((line) => parseLine(line))
  }
}
