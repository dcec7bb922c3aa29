import winston from 'winston'
import { loggedCalls, parseLine } from './_recorded.mjs'

const MESSAGE = Symbol.for('message')

/** winston with its JSON format and a transport of its own kind, which is lighter than its stream transport. */
export function create({ destination }) {
  class Handover extends winston.Transport {
    log(info, done) {
      destination.write(info[MESSAGE])
      done()
    }
  }
  const logger = winston.createLogger({ level: 'info', format: winston.format.json(), transports: [new Handover()] })
  return {
    wrap: loggedCalls(
      (fields) => logger.info('call', fields),
      (fields) => logger.error('call', fields)
    ),
    records: () => destination.written.map((line) => parseLine(line))
  }
}
