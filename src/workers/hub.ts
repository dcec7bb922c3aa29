import { createDecoder } from '../core/decode.ts'
import { take } from '../core/drain.ts'
import { alignClock, fullAt, type Recorder } from '../core/ring.ts'
import type { Entry } from '../core/types.ts'
import { note } from '../sinks/_note.ts'

/**
 * What was recorded in an isolate, until its event fetches it. It holds plain data only: promises, sinks and bindings belong to
 * the event that made them, and no other may wait for them.
 */
export interface Hub {
  /** Keeps what is recorded in that context apart. */
  open(context: string): void
  close(context: string): void
  /** What was recorded in that context, and what belongs to none that is open. */
  take(context: string): Entry[]
  /** Called by the recorder as it fills. */
  onWish(): void
}

interface Box {
  readonly opened: number
  readonly entries: Entry[]
  dropped: number
}

/** Entries that wait for one event; the oldest are dropped beyond that. */
const MOST = 10_000
/** An event that has not fetched anything for so many milliseconds may have been cancelled: others deliver for it. */
const PATIENCE = 30_000

/** Of the entries for events. */
export const MODULE = 'worker'

const hubs = /* @__PURE__ */ new WeakMap<Recorder, Hub>()

/** The one of a recorder. All who take from a recorder have to share one. */
export function hubOf(ring: Recorder): Hub {
  const hub = hubs.get(ring) ?? createHub(ring)
  hubs.set(ring, hub)
  return hub
}

function createHub(ring: Recorder): Hub {
  const decoder = createDecoder(ring)
  const boxes = new Map<string, Box>()
  const strays = emptyBox()

  function collect(): void {
    alignClock(ring)
    for (const entry of take(ring, decoder)) {
      showStatus(entry)
      keep(boxes.get(contextOf(entry)) ?? strays, entry)
    }
    ring.wish = (ring.drained + fullAt(ring)) | 0
    if (((ring.wish - ring.mark) | 0) < 0) ring.mark = ring.wish
  }

  return {
    open: (context) => boxes.set(context, boxes.get(context) ?? emptyBox()),
    close(context) {
      for (const entry of boxes.get(context)?.entries ?? []) keep(strays, entry)
      boxes.delete(context)
    },
    take(context) {
      collect()
      const own = boxes.get(context)
      const entries = own ? emptied(own) : []
      for (const entry of emptied(strays)) entries.push(entry)
      for (const [other, box] of boxes) {
        if (Date.now() - box.opened < PATIENCE) break
        if (box === own) continue
        boxes.delete(other)
        for (const entry of emptied(box)) entries.push(entry)
      }
      return entries
    },
    onWish() {
      if (((ring.head - ring.drained) | 0) >= fullAt(ring)) return collect()
      ring.wish = (ring.drained + fullAt(ring)) | 0
    }
  }
}

/** Its span ids for other systems begin with it. */
const contextOf = ({ extra }: Entry): string => String(extra.traceSpan).slice(0, 8)

/** Known when the call ends, when its fields were written already. */
function showStatus({ module, returnValue, extra }: Entry): void {
  const { status } = (module === MODULE && (returnValue as { status?: number } | undefined)) || {}
  if (status) extra.status = status
}

const emptyBox = (): Box => ({ opened: Date.now(), entries: [], dropped: 0 })

function keep(box: Box, entry: Entry): void {
  if (box.entries.push(entry) <= MOST) return
  box.entries.shift()
  box.dropped++
}

function emptied(box: Box): Entry[] {
  const entries = box.entries.splice(0)
  if (box.dropped > 0) entries.push(note(box.dropped, `more than ${MOST} waited for one event`))
  box.dropped = 0
  return entries
}
