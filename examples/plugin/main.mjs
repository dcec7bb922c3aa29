// `syslog:` is nothing that nfo knows: it finds the package nfo-sink-syslog. `loud:` is made here.
import { configure, registerSink, wrap } from 'nfo'

registerSink('loud', (prefix) => ({
  write(entries) {
    for (const { level, args } of entries) if (level === 'warn') console.log(`${prefix}: ${args[0]}`)
  },
  flushSync() {}
}))

const logger = configure({ name: 'shop', sinks: ['syslog:shop.log', 'loud:LOOK'] })
const divide = wrap((total, people) => {
  if (people === 0) throw new RangeError('nobody to share with')
  return total / people
}, 'divide')

divide(12, 4)
try {
  divide(12, 0)
} catch {}
logger.warn('the till is empty')
