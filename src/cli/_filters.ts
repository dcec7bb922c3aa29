import { type ParsedFilter, parseFilter } from '../store/filter.ts'
import { type Command, UsageError } from './_command.ts'

/** The fields of a filter, as options. */
export const FILTER_OPTIONS: Command['options'] = {
  level: { type: 'string' },
  errors: { type: 'boolean' },
  kind: { type: 'string' },
  function: { type: 'string', short: 'F' },
  module: { type: 'string' },
  env: { type: 'string' },
  trace: { type: 'string' },
  version: { type: 'string' },
  text: { type: 'string' },
  'min-duration': { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  last: { type: 'string' }
}

/** How many, and in which order. */
export const PAGE_OPTIONS: Command['options'] = {
  limit: { type: 'string' },
  order: { type: 'string' }
}

export const FILTER_HELP = `  --level LEVEL         that level and above: debug, info, warn, error, fatal
  --errors              only failures: the levels error and fatal
  --kind KIND           only calls ('call') or messages ('message')
  -F, --function NAME   the name of the function; * stands for any characters, ? for one
  --module NAME         the module, in the same way
  --text TEXT           found in names, arguments, results, errors and fields, in any case
  --min-duration TIME   that long or longer: 250ms, 1.5s
  --since, --until TIME from then on, before then: 2026-11-22, '2026-11-22 22:35' (local time), a time with
                        its zone, or a span before now: 30m, 24h, 7d
  --last SPAN           the same as --since
  --env, --trace, --version TEXT
                        exactly that; '' for entries without`

const LOCAL = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/

/** The filter that the options describe. `--limit 0` is without a limit. */
export function filterOf(command: string, values: Record<string, unknown>): ParsedFilter {
  const { level, errors, kind, module, env, trace, version, text, since, until, last, limit, order } = values
  const given = { level, errors, kind, module, trace, version, text, last, order, function: values.function }
  try {
    return parseFilter({
      ...given,
      environment: env,
      minDuration: values['min-duration'],
      since: withZone(since),
      until: withZone(until),
      limit: limit === '0' ? undefined : limit
    })
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/^\[nfo\] \[query\]( \w+ is)?/, named(command)))
  }
}

/** Tables show local times, so that is what people type. */
function withZone(time: unknown): unknown {
  if (typeof time !== 'string' || !LOCAL.test(time)) return time
  const full = time.length > 10 ? time : `${time}T00:00`
  const minutes = -new Date(full.replace(' ', 'T')).getTimezoneOffset()
  if (Number.isNaN(minutes)) return time
  const size = Math.abs(minutes)
  const digits = [Math.floor(size / 60), size % 60].map((number) => `${number}`.padStart(2, '0'))
  return `${full}${minutes < 0 ? '-' : '+'}${digits.join(':')}`
}

const SPELLED: Record<string, string> = { minDuration: 'min-duration', environment: 'env' }

/** Fields are called what their options are called. */
const named =
  (command: string) =>
  (_head: string, field = ''): string => {
    const name = field.slice(1, -3)
    return `[nfo] [${command}]${name && ` --${SPELLED[name] ?? name} is`}`
  }
