import { isEntry, MAX_NAMES, MAX_SITES, OPEN, PAD, PINNED, RECORD_WORDS, WORDS_MASK } from './layout.ts'
import { pin } from './pinned.ts'
import { isSecretName } from './redact.ts'
import type { SiteInfo } from './types.ts'

/** A gate above every rank: nothing is recorded. */
export const CLOSED = 99
/** A gate above every level but not closed: what is recorded depends on more than the level. See `context.ts`. */
export const TRACED = 98
/** Open calls that are known by name: so many that wait for a promise, and as many on the stack. */
export const OPEN_CALLS = 256
/** The stack's places come last: deeper calls fall off the end of the table. */
export const STACK: number = OPEN_CALLS

/** For what threads tell each other: 16 numbers, of which the first is the head. */
export const CONTROL_BYTES = 64
export const CONTROL_HEAD = 0

/** A part of the memory that records are written to, around and around. Positions count words and wrap at 32 bits. */
export interface Region {
  u8: Uint8Array
  u32: Uint32Array
  f64: Float64Array
  mask: number
  head: number
  tail: number
}

export function createRegion(buffer: ArrayBufferLike, offset: number, bytes: number): Region {
  return {
    u8: new Uint8Array(buffer, offset, bytes),
    u32: new Uint32Array(buffer, offset, bytes >> 2),
    f64: new Float64Array(buffer, offset, bytes >> 3),
    mask: (bytes >> 3) - 1,
    head: 0,
    tail: 0
  }
}

// Kept from before anybody replaces it, by a wrapped one for instance.
const now = performance.now

/** The memory of a logger and the cursors into it. */
export class Recorder implements Region {
  u8: Uint8Array
  u32: Uint32Array
  f64: Float64Array
  mask = 0
  head = 0
  /** Where the next look after scheduling, wrapping and reclaiming is due. The first record finds it due and allocates. */
  mark = 0
  /** The oldest record. */
  tail = 0
  /** The oldest record that the drain has not taken. */
  drained = 0
  span = 0
  /** The span of the innermost running call. */
  current = 0
  /** The place of the next call on the stack. */
  depth: number = STACK
  /** Calls of a lower rank are not recorded, or not in the plain way. */
  gate = 0
  /** The logger's level: the gate, unless that is closed or traced. */
  rank = 0
  /** Names to leave out came when functions had been called already: each has to look at its own again. */
  late = false
  /** Where the values of the record at hand must end, in bytes. */
  limit = 0
  /** The CUT flag, once the capture limits cut something of the record at hand. */
  cut = 0
  accepted = 0
  dropped = 0
  /** The error that is on its way up: its stack is recorded once. */
  lastError: unknown = undefined

  /** The ring is full and its policy is to refuse what is new: calls pass unrecorded and are counted. */
  refusing = false

  maxDepth = 5
  maxItems = 64
  maxString = 1024
  /** Names to leave out besides the usual ones. */
  redact: ReadonlySet<string> | undefined = undefined
  /** More of them while values of a function are encoded that has its own. */
  extraRedact: ReadonlySet<string> | undefined = undefined

  /** For each open call twice the position of its record, plus one when that is in the pinned part; 0 when free. */
  calls: Int32Array
  /** Free places for calls that wait for a promise. */
  free: number[] = []
  freeCount = 0
  pinned: Region
  /** Records in the pinned part that the drain has not taken. */
  kept = 0
  names: Map<string, number> = new Map()
  nameList: string[] = []
  sites: SiteInfo[] = [{ name: '', module: '', params: [], level: 0 }]
  siteNumbers: Map<string, number> = new Map()

  size: number
  /** Whether the memory can be shared with a thread, which then finds the head in `control`. */
  shared = false
  control: Int32Array | undefined = undefined
  /** The same, for whoever follows calls that have only begun: each is told at once, for 15 ns. */
  starts: Int32Array | undefined = undefined
  /** Milliseconds to add to a record's start for epoch time. */
  epoch = 0
  /** The clock stands still while code runs. */
  frozenClock = false
  /** Called when the head reaches `wish`. The owner drains, or moves its wish. */
  onWish: (() => void) | undefined = undefined
  wish = 0
  /** Called with the position that the oldest record is about to be moved to. */
  onReclaim: ((goal: number) => void) | undefined = undefined
  /** Called after each record that completes an entry, while the memory is shared. */
  onRecord: (() => void) | undefined = undefined
  /** Called for a name or a site that was given a number. */
  onName: ((name: string) => void) | undefined = undefined
  onSite: ((site: SiteInfo) => void) | undefined = undefined
  /** Called after a failure was recorded. */
  onFailure: (() => void) | undefined = undefined

  constructor(size: number) {
    this.size = size
    const none = new ArrayBuffer(0)
    this.pinned = createRegion(none, 0, 0)
    this.u8 = this.pinned.u8
    this.u32 = this.pinned.u32
    this.f64 = this.pinned.f64
    this.calls = new Int32Array(none)
    for (let place = OPEN_CALLS - 1; place >= 0; place--) this.free[this.freeCount++] = place
  }

  /** The ring, a pinned part of a quarter of it, and the table of open calls, in one piece of memory. */
  allocate(after = 0): void {
    const { size } = this
    const bytes = size * 1.25 + OPEN_CALLS * 8 + CONTROL_BYTES
    const buffer = this.shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
    const { u8, u32, f64, mask } = createRegion(buffer, 0, size)
    Object.assign(this, { u8, u32, f64, mask })
    this.pinned = createRegion(buffer, size, size / 4)
    this.calls = new Int32Array(buffer, size * 1.25, OPEN_CALLS * 2)
    this.control = this.shared ? new Int32Array(buffer, bytes - CONTROL_BYTES) : undefined
    this.starts &&= this.control
    // Not from 0, which means a free place in the table of open calls.
    this.head = this.tail = this.drained = this.wish = ((after | mask) + 1) | 0
    this.epoch = Date.now() - now.call(performance)
  }

  /** Makes room at the head for the largest record: drains, closes a lap, gives up the oldest records. */
  attend(): void {
    const { gate } = this
    this.gate = CLOSED
    if (this.mask === 0) this.allocate()
    if (this.onWish && ((this.head - this.wish) | 0) >= 0) this.onWish()
    const lap = this.mask + 1
    const rest = lap - (this.head & this.mask)
    if (rest < RECORD_WORDS) {
      this.u32[(this.head & this.mask) << 1] = rest | PAD
      this.head = (this.head + rest) | 0
    }
    // An eighth at a time, so that most calls find room.
    const goal = (this.head + RECORD_WORDS + (lap >> 3) - lap) | 0
    this.giveUp(goal)
    const full = (this.tail + lap - RECORD_WORDS + 1) | 0
    const edge = ((this.head | this.mask) + 2 - RECORD_WORDS) | 0
    this.mark = ((full - edge) | 0) < 0 ? full : edge
    if (this.onWish && ((this.wish - this.mark) | 0) < 0) this.mark = this.wish
    this.gate = this.refusing ? CLOSED : gate
  }

  /** Gives up the oldest records up to `goal`. */
  giveUp(goal: number): void {
    this.onReclaim?.(goal)
    this.reclaim(goal)
  }

  /** One loop over locals: in a full ring every call pays its share of it. */
  private reclaim(goal: number): void {
    const { u32, mask, head } = this
    let { tail } = this
    let dropped = 0
    while (((tail - goal) | 0) < 0 && tail !== head) {
      const shape = u32[(tail & mask) << 1]
      const taken = ((tail - this.drained) | 0) < 0
      if (shape & (OPEN | PINNED)) pin(this, tail, shape, taken)
      else if (!taken && isEntry(shape)) dropped++
      tail = (tail + (shape & WORDS_MASK)) | 0
    }
    this.tail = tail
    this.dropped += dropped
    if (((this.drained - tail) | 0) < 0) this.drained = tail
  }

  /** The number of a property name, doubled, plus one for a secret; -1 when there is no place for another name. */
  intern(name: string): number {
    const known = this.names.get(name)
    if (known !== undefined) return known
    if (this.nameList.length >= MAX_NAMES || name.length > 64 || /[=:]/.test(name)) return -1
    const number = (this.nameList.length << 1) | +isSecretName(name, this.redact)
    this.nameList.push(name)
    this.names.set(name, number)
    this.onName?.(name)
    return number
  }

  /** The number of a function's description; 0, which names nothing, when there is no place for another one. */
  siteNumber(name: string, module: string, params: readonly string[], level: number): number {
    const key = [name, module, level, ...params].join('\0')
    const known = this.siteNumbers.get(key)
    if (known !== undefined) return known
    if (this.sites.length >= MAX_SITES) return 0
    this.siteNumbers.set(key, this.sites.length)
    const site = { name, module, params, level }
    this.onSite?.(site)
    return this.sites.push(site) - 1
  }
}

/** Where a call is made, when that says more than the stack does. */
export interface Place {
  /** Instead of the logger's level. */
  readonly rank: number | undefined
  /** The caller, of one ring; 0 when it is not known. */
  spanIn(ring: Recorder): number
  /** Runs what a call of that span does. */
  within<T>(ring: Recorder, span: number, task: () => T): T
  /** Writes two values, what CONTEXT stands for, at a byte of the record at hand. Returns the byte behind. */
  write(ring: Recorder, at: number): number
  /** Told of each record that completes an entry, and before an END of its START. */
  readonly tell: ((ring: Recorder, records: Region, at: number) => void) | undefined
}

/** What contexts hook into. Empty until the first one is made, so that nobody else pays for them. */
export interface Tracing {
  here?(): Place | undefined
  outside?(task: () => void): void
}

export const tracing: Tracing = {}

/** How many words may wait until a ring has to be emptied: what it reclaims at a time, and a record, stay free. */
export const fullAt = ({ mask }: Recorder): number => mask + 1 - ((mask + 1) >> 3) - 3 * RECORD_WORDS

/** After the machine slept, the recorder's clock and the calendar disagree; at module scope of a Worker, clocks read 0. */
export function alignClock(ring: Recorder): void {
  const epoch = Date.now() - now.call(performance)
  if (Math.abs(epoch - ring.epoch) > 1000) ring.epoch = epoch
}

/** The gate of a ring that is not closed. */
export const openGate = (ring: Recorder): number => (ring.late || tracing.here ? TRACED : ring.rank)

/** Where this runs. */
export const placeOf = (ring: Recorder): Place | undefined => (ring.gate === TRACED ? tracing.here?.() : undefined)

/** The lowest rank that is recorded in a place. */
export const rankIn = (ring: Recorder, from: Place | undefined): number =>
  ring.gate === TRACED ? (from?.rank ?? ring.rank) : ring.gate

/** Who is on the stack knows better than the place: a callback may have been made anywhere. */
export const callerIn = (ring: Recorder, from: Place | undefined): number => ring.current || (from?.spanIn(ring) ?? 0)

/** Where `wrap` records to unless it is told otherwise; `configure()` takes it over. */
export const defaultRecorder: Recorder = /* @__PURE__ */ new Recorder(65536)
