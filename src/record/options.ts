import { type RecordOptions, rejectUnknown } from '../core/options.ts'

const SMALLEST = 65_536
const LARGEST = 2 ** 30

/** Checks what a user gave and fills in the rest. */
export function readRecordOptions(record: string | RecordOptions): Required<RecordOptions> {
  const given: RecordOptions = typeof record === 'string' ? { path: record } : (record ?? {})
  rejectUnknown('record', 'option', Object.keys(given), ['path', 'size', 'interval', 'durability', 'fsync'])
  const { path, size = 1_048_576, interval = 5, durability = 'interval', fsync = false } = given
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`[nfo] [record] there is no path; use record: 'app.nfo' or record: { path: 'app.nfo' }`)
  }
  if (!(size >= SMALLEST && size <= LARGEST)) {
    throw new RangeError(`[nfo] [record] size is ${size}; use a number of bytes from ${SMALLEST} to ${LARGEST}`)
  }
  if (!(interval >= 1)) {
    throw new RangeError(`[nfo] [record] interval is ${interval}; use milliseconds from 1 up`)
  }
  rejectUnknown('record', 'durability', [durability], ['interval', 'each'])
  return { path, size: Math.floor(size / 8) * 8, interval, durability, fsync }
}
