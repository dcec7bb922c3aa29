import { encode, encodeString } from './encode.ts'
import {
  CALL,
  CONTEXT,
  CONTEXT_BYTES,
  END,
  FAILED,
  GENERATOR,
  HEADER_BYTES,
  LEVEL_SHIFT,
  MESSAGE,
  OPEN,
  PINNED,
  RECORD_LIMIT,
  SITE_MASK,
  SPAN_MASK,
  START
} from './layout.ts'
import { CONTROL_HEAD, callerIn, type Place, type Recorder, type Region, STACK } from './ring.ts'
import type { SiteLimits } from './sites.ts'

/** Arguments leave room for an outcome. */
const ARGUMENTS_LIMIT = 3072

/** Reserves a record for a call at the head and names it. Returns its position; its values begin behind the header. */
export function open(ring: Recorder, word: number, parent: number = ring.current): number {
  if (((ring.head - ring.mark) | 0) >= 0) ring.attend()
  const position = ring.head
  const at = (position & ring.mask) << 1
  const { u32 } = ring
  u32[at + 1] = word
  u32[at + 2] = ring.span = (ring.span + 1) & SPAN_MASK
  u32[at + 3] = parent
  ring.cut = 0
  ring.limit = (at << 2) + ARGUMENTS_LIMIT
  return position
}

/** Publishes the record as a START, its values ending at byte `end`. Returns the head behind it. */
export function begin(ring: Recorder, position: number, end: number, start: number): number {
  const at = position & ring.mask
  const words = ((end + 7) >> 3) - at
  ring.f64[at + 2] = start
  ring.u32[at << 1] = words | START | OPEN | ring.cut
  ring.calls[ring.depth++] = position << 1
  ring.current = ring.span
  ring.head = (position + words) | 0
  if (ring.starts !== undefined) Atomics.store(ring.starts, CONTROL_HEAD, ring.head)
  return ring.head
}

/** Ends a call in the record of its START, which is still the newest one. */
export function finishHere(
  ring: Recorder,
  position: number,
  head: number,
  place: number,
  duration: number,
  flags: number,
  value: unknown
): void {
  const at = position & ring.mask
  ring.limit = (at << 3) + RECORD_LIMIT
  ring.calls[place] = 0
  const words = ((encode(ring, (at + ((head - position) | 0)) << 3, value) + 7) >> 3) - at
  ring.f64[at + 3] = duration
  ring.u32[at << 1] = words | CALL | flags | ring.cut
  ring.head = (position + words) | 0
  ring.accepted++
  if (ring.control !== undefined) announce(ring, ring.control)
}

/** Tells threads of a record, and whoever wants to know of each. */
function announce(ring: Recorder, control: Int32Array): void {
  Atomics.store(control, CONTROL_HEAD, ring.head)
  ring.onRecord?.()
}

/** What is remembered of an open call whose end is not a plain return. */
export interface Call {
  ring: Recorder
  position: number
  head: number
  place: number
  word: number
  span: number
  parent: number
  start: number
  /** Of a function that has its own. */
  limits: SiteLimits | undefined
  /** Where it was made, when that says more than the record's header. */
  from?: Place
}

/** How a generator ended: values yielded and an index into OUTCOMES. */
export interface Run {
  yields: number
  outcome: number
}

/** Ends a call: in the record of its START when that is the newest one, else in a record of its own. */
export function finish(call: Call, duration: number, flags: number, value: unknown, run?: Run): void {
  const { limits, ring } = call
  if (!limits) return finishWithin(call, duration, flags, value, run)
  const { maxDepth, maxItems, maxString, extraRedact } = ring
  Object.assign(ring, limits)
  try {
    finishWithin(call, duration, flags, value, run)
  } finally {
    Object.assign(ring, { maxDepth, maxItems, maxString, extraRedact })
  }
}

function finishWithin(call: Call, duration: number, flags: number, value: unknown, run?: Run): void {
  const { ring, position, head, place, start, from } = call
  if (from) flags |= CONTEXT
  if (ring.head === head && !run) {
    finishHere(ring, position, head, place, duration, flags, value)
    return from?.tell?.(ring, ring, position & ring.mask)
  }
  // Before anything takes its place.
  const begun = from?.tell && recordOf(ring, place)
  if (begun) from?.tell?.(ring, begun[0], begun[1] >> 1)
  flags |= close(ring, position, place)
  const newest = ring.span
  const at = open(ring, call.word) & ring.mask
  ring.span = newest
  ring.limit = (at << 3) + RECORD_LIMIT - (from ? CONTEXT_BYTES : 0)
  ring.u32[(at << 1) + 2] = call.span
  ring.u32[(at << 1) + 3] = call.parent
  ring.f64[at + 2] = start
  ring.f64[at + 3] = duration
  let end = encode(ring, (at << 3) + HEADER_BYTES, value)
  if (run) end = encode(ring, encode(ring, end, run.yields), run.outcome)
  if (from) end = from.write(ring, end)
  publish(ring, at, end, END | flags | (run ? GENERATOR : 0))
  from?.tell?.(ring, ring, at)
}

function publish(ring: Recorder, at: number, end: number, shape: number): void {
  const words = ((end + 7) >> 3) - at
  ring.u32[at << 1] = words | shape | ring.cut
  ring.head = (ring.head + words) | 0
  ring.accepted++
  if (ring.control !== undefined) announce(ring, ring.control)
}

/** Where the record of an open call is, if it still is anywhere. */
function recordOf(ring: Recorder, place: number): [Region, number] | undefined {
  const entry = ring.calls[place]
  if (!(entry > 0 || entry < -1)) return undefined
  const region = entry & 1 ? ring.pinned : ring
  return [region, ((entry >> 1) & region.mask) << 1]
}

/** The place of the innermost call on the stack, or the last one there is. */
const topOf = (ring: Recorder): number => Math.min(ring.depth, ring.calls.length) - 1

/** Frees the place of a call and closes its START. Returns the flags that its END takes over. */
function close(ring: Recorder, position: number, place: number): number {
  const record =
    recordOf(ring, place) ?? (((position - ring.tail) | 0) >= 0 ? [ring, (position & ring.mask) << 1] : undefined)
  ring.calls[place] = 0
  if (!record) return 0
  const [{ u32 }, at] = record as [Region, number]
  u32[at] &= ~OPEN
  return u32[at] & PINNED
}

/** Ends a call with an error, which the pinned part keeps together with the calls around it. */
export function fail(call: Call, duration: number, flags: number, error: unknown, run?: Run): void {
  const { ring } = call
  finish(call, duration, flags | FAILED | PINNED, error, run)
  ring.lastError = ring.depth > STACK ? error : undefined
  for (let place = topOf(ring); place >= STACK; place--) {
    const record = recordOf(ring, place)
    if (!record) continue
    const [{ u32 }, at] = record
    if (u32[at] & PINNED) break
    u32[at] |= PINNED
  }
  ring.onFailure?.()
}

/** Runs what records. Whatever goes wrong there, out of stack for instance, is counted and never reaches the caller. */
export function guard(ring: Recorder, task: () => void): void {
  try {
    task()
  } catch {
    ring.accepted++
    ring.dropped++
  }
}

/** Moves an open call from the stack to the calls that wait; there is no place for it, -1, when there are too many. */
export function park(call: Call): void {
  const { calls, free } = call.ring
  const waiting = call.ring.freeCount > 0 ? free[--call.ring.freeCount] : -1
  calls[waiting] = calls[call.place]
  calls[call.place] = 0
  call.place = waiting
}

/** Gives the place back. */
export function unpark({ ring, place }: Call): void {
  if (place >= 0) ring.free[ring.freeCount++] = place
}

/** The START of a call that is not on the stack, found by its span. */
function openRecord(ring: Recorder, span: number): [Region, number] | undefined {
  for (let place = 0; span !== 0 && place < STACK; place++) {
    const record = recordOf(ring, place)
    if (record && record[0].u32[record[1] + 2] === span) return record
  }
  return undefined
}

/** Writes a message; its site is the function that logs it. */
export function message(
  ring: Recorder,
  level: number,
  text: string,
  fields: unknown,
  start: number,
  from?: Place
): void {
  const parent = callerIn(ring, from)
  const record = ring.depth > STACK ? recordOf(ring, topOf(ring)) : from && openRecord(ring, parent)
  const site = record ? record[0].u32[record[1] + 1] & SITE_MASK : 0
  const at = open(ring, site | ((fields === undefined ? 1 : 2) << 16), parent) & ring.mask
  ring.f64[at + 2] = start
  let end = encodeString(ring, (at << 3) + HEADER_BYTES, text)
  ring.limit = (at << 3) + RECORD_LIMIT - (from ? CONTEXT_BYTES : 0)
  if (fields !== undefined) end = encode(ring, end, fields)
  const failed = level >= 3
  if (from) end = from.write(ring, end)
  const context = from ? CONTEXT : 0
  publish(ring, at, end, MESSAGE | (level << LEVEL_SHIFT) | (failed ? PINNED : 0) | context)
  from?.tell?.(ring, ring, at)
  if (failed) ring.onFailure?.()
}
