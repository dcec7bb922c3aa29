import { appendFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { inspect } from 'node:util'

// RFC 5424: facility 16 (local0), and how severe each level is.
const FACILITY = 16
const SEVERITY = { debug: 7, info: 6, warn: 4, error: 3, fatal: 2 }

/** What `nfo` looks for in a package `nfo-sink-NAME`: a function `sink` that makes one out of `NAME:argument`. */
export function sink(path) {
  if (!path) throw new Error("[nfo-sink-syslog] there is no path; write 'syslog:PATH'")
  return {
    write(entries) {
      appendFileSync(path, entries.map((entry) => `${line(entry)}\n`).join(''))
    },
    // Nothing waits in memory; its presence says that this can write on the way out of a process too.
    flushSync() {}
  }
}

function line({ level, timestamp, module, kind, functionName, args, exception, durationMs }) {
  const time = new Date(timestamp).toISOString()
  const text = kind === 'message' ? args[0] : `${functionName}(${args.map((arg) => inspect(arg)).join(', ')})`
  const outcome = exception ? ` failed: ${exception}` : ''
  const took = durationMs === undefined ? '' : ` in ${durationMs.toFixed(1)} ms`
  const shown = `${text}${outcome}${took}`.replaceAll(/[\r\n]+/g, ' ')
  return `<${FACILITY * 8 + SEVERITY[level]}>1 ${time} ${hostname()} ${module || '-'} - - - ${shown}`
}
