import type { FileSystem } from '../runtimes/types.ts'
import type { Chunks } from './chunk.ts'
import type { Plan } from './plan.ts'

/** What a thread brings to write with. */
export interface Tools {
  fs: Pick<FileSystem, 'writeSync'>
  /** A descriptor of this thread's own: not every runtime shares them. */
  fd: number
  chunks: Chunks
  /** 1 for the main thread, 2 for the other one. */
  owner: number
  /** The recorder's clock. */
  now(): number
  /** Epoch milliseconds. */
  wall(): number
}

/** Copies what is complete in the ring to the file. */
export interface Persister {
  /**
   * Writes names, records and, if they changed, the open calls. True when something was written. Throws when a write
   * fails: what was to be written stays in the ring for the next time, or is given up when `force` is set, since then
   * its place in the ring is about to be taken.
   */
  persist(calls: 'none' | 'changed' | 'always', force?: boolean): boolean
}

/**
 * Runs on both threads, one at a time. Refers to nothing outside itself, so that its text runs in a thread, and keeps
 * to syntax that no compiler replaces by calls to helpers.
 */
export function createPersister(plan: Plan, tools: Tools): Persister {
  const { at, chunk, count, counts, geometry, ring, shape, state } = plan
  const { fs, fd, chunks, owner, now, wall } = tools
  const mask = (ring.length >> 1) - 1
  const body = chunk.head + chunk.blockHead
  const room = Math.max(body + plan.largestBlock, geometry.open.bytes)
  const buffer = new ArrayBuffer(room)
  const u8 = new Uint8Array(buffer)
  const u32 = new Uint32Array(buffer)
  const f64 = new Float64Array(buffer)
  const seen = new Int32Array(plan.calls.length)
  let epoch = plan.epoch
  let time = 0
  // Of the block at hand: bytes and entries of it, and the position behind it.
  let used = 0
  let entries = 0
  let next = 0
  // Of the open calls: the last chunk that this thread wrote, when they last changed, when to write without a change.
  let written = -1
  let since = 0
  let beat = 0

  /** Whoever holds it for a second is stuck or dead: the main thread goes on without the other one. */
  function lock(): boolean {
    const until = now() + 1000
    for (;;) {
      const holder = Atomics.compareExchange(state, at.lock, 0, owner)
      if (holder === 0) return true
      if (holder === owner) return false
      if (now() > until) break
      Atomics.wait(state, at.lock, holder, 20)
    }
    if (owner !== 1) return false
    Atomics.store(state, at.stop, 1)
    Atomics.store(state, at.lock, owner)
    return true
  }

  function unlock(): void {
    Atomics.compareExchange(state, at.lock, owner, 0)
    Atomics.notify(state, at.lock, 1)
  }

  function write(bytes: Uint8Array, length: number, position: number): void {
    for (let done = 0; done < length; ) {
      const taken = fs.writeSync(fd, bytes, done, length - done, position + done)
      if (taken === 0) throw new Error('nothing could be written')
      done += taken
    }
    if (Atomics.load(state, at.lock) !== owner) throw new Error('the main thread went on by itself')
  }

  function writeNames(): void {
    for (let from = state[at.namesWritten]; from !== state[at.namesKnown]; from = state[at.namesWritten]) {
      let to = Math.min(Atomics.load(state, at.namesKnown), from + room - chunk.head)
      while (plan.names[to - 1] !== 10) to--
      const length = to - from
      u8.set(plan.names.subarray(from, to), chunk.head)
      u8.fill(0, chunk.head + length, chunk.head + ((length + 7) & ~7))
      const sequence = counts[count.names]
      const bytes = chunks.seal(u32, { file: plan.file, kind: chunk.names, flags: 0, sequence, length, count: 0 })
      write(u8, bytes, geometry.names.from + state[at.namesOffset])
      counts[count.names]++
      state[at.namesOffset] += bytes
      state[at.namesWritten] = to
    }
  }

  function copy(from: number, to: number): void {
    if (from === to) return
    const start = (from & mask) << 1
    u32.set(ring.subarray(start, start + (to - from) * 2), (body + used) >> 2)
    used += (to - from) << 3
  }

  /** Collects a block: whole records up to a position, but not one that may still grow. */
  function gather(to: number): void {
    let position = state[at.persisted]
    let from = position
    let size = 0
    used = entries = 0
    while (position !== to) {
      const word = ring[(position & mask) << 1]
      const kind = word & shape.kind
      const words = word & shape.words
      const end = (position + words) | 0
      if (words === 0 || ((to - end) | 0) < 0) break
      if (end === to && kind === shape.start && word & shape.open) break
      if (kind !== shape.pad) {
        size += words << 3
        if (size > plan.largestBlock) break
        if (kind !== shape.start) entries++
      }
      // Filler is left out, and what the end of the ring cuts apart is copied in two pieces.
      if (kind === shape.pad || (end & mask) === 0) {
        copy(from, kind === shape.pad ? position : end)
        from = end
      }
      position = end
    }
    copy(from, position)
    next = position
  }

  function writeBlock(): void {
    const { blocks } = geometry
    const bytes = body + used
    const rest = blocks.bytes - state[at.offset]
    if (rest < bytes) {
      // What older laps left there would look like a gap between it and the rest.
      write(new Uint8Array(rest), rest, blocks.from + state[at.offset])
      state[at.offset] = 0
      state[at.wrapped] = 1
    }
    f64[4] = epoch
    f64[5] = time
    f64[6] = counts[count.entries]
    const flags = state[at.wrapped] ? chunk.wrapped : 0
    const sequence = counts[count.blocks]
    const length = chunk.blockHead + used
    chunks.seal(u32, { file: plan.file, kind: chunk.block, flags, sequence, length, count: entries })
    write(u8, bytes, blocks.from + state[at.offset])
    state[at.offset] += bytes
  }

  function writeRecords(force: boolean): void {
    const to = Atomics.load(plan.control, 0)
    let failure: unknown
    for (gather(to); next !== state[at.persisted]; gather(to)) {
      if (used > 0) {
        try {
          writeBlock()
        } catch (error) {
          if (!force) throw error
          failure = error
        }
        counts[count.blocks]++
        counts[count.entries] += entries
      }
      state[at.persisted] = next
    }
    if (failure) throw failure
  }

  /** The START of an open call behind the others, if it fits. The main thread may change it at the same time. */
  function copyStart(place: number, end: number): number {
    const entry = Atomics.load(plan.calls, place)
    if (entry === 0 || entry === -1) return end
    const region = entry & 1 ? plan.pinned : ring
    const start = ((entry >> 1) & ((region.length >> 1) - 1)) << 1
    const word = region[start]
    const words = word & shape.words
    if ((word & (shape.kind | shape.open)) !== (shape.start | shape.open)) return end
    if (end + words * 8 > geometry.open.bytes) return end
    // Positions in the table have 31 bits.
    const ahead = ((Atomics.load(plan.control, 0) - (entry >> 1)) << 1) >> 1
    if (region === ring && (ahead < words || ahead > mask + 1)) return end
    u32.set(region.subarray(start, start + words * 2), end >> 2)
    return Atomics.load(plan.calls, place) === entry ? end + words * 8 : end
  }

  /** Places of open calls, the newest first. */
  function placesBySpan(): number[] {
    const spans: Record<number, number> = {}
    const places: number[] = []
    for (let place = 0; place < seen.length; place++) {
      const entry = seen[place]
      if (entry === 0) continue
      const region = entry & 1 ? plan.pinned : ring
      spans[place] = entry === -1 ? 0 : region[(((entry >> 1) & ((region.length >> 1) - 1)) << 1) + 2]
      places.push(place)
    }
    return places.sort((one, other) => spans[other] - spans[one])
  }

  /** While calls are open and nothing changes, they are written now and then as a sign of life: after 1, 2, 4 … s. */
  function writeOpenCalls(always: boolean): void {
    let changed = always || counts[count.open] !== written
    let open = 0
    for (let place = 0; place < seen.length; place++) {
      const entry = Atomics.load(plan.calls, place)
      if (entry !== seen[place]) changed = true
      seen[place] = entry
      if (entry !== 0) open++
    }
    if (!changed && (open === 0 || time < beat)) return
    if (changed) since = time
    beat = time + Math.max(1000, time - since)
    written = -1
    let end = chunk.head + chunk.openHead
    for (const place of placesBySpan()) end = copyStart(place, end)
    f64.set([epoch, time, counts[count.entries], counts[count.blocks], state[at.namesLeft]], 4)
    f64.set(counts.subarray(count.ledger, count.ledger + 5), 9)
    const sequence = counts[count.open]
    const length = end - chunk.head
    chunks.seal(u32, { file: plan.file, kind: chunk.open, flags: 0, sequence, length, count: open })
    write(u8, end, geometry.open.from + (sequence & 1) * geometry.open.bytes)
    written = counts[count.open] = sequence + 1
  }

  function persist(calls: 'none' | 'changed' | 'always', force = false): boolean {
    if (!lock()) return false
    const blocks = counts[count.blocks]
    try {
      time = now()
      // After the machine slept the two clocks disagree.
      if (Math.abs(wall() - time - epoch) > 1000) epoch = wall() - time
      try {
        writeNames()
      } catch (error) {
        if (!force) throw error
      }
      writeRecords(force)
      if (calls !== 'none') writeOpenCalls(calls === 'always')
    } finally {
      unlock()
    }
    return counts[count.blocks] !== blocks
  }

  return { persist }
}
