const BURST = 500
const WARM_UPS = 8
const MAX_CALLS = 1_000_000

/** One turn of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Calls in one go; gives nanoseconds per call. `finish` is part of the time. */
async function runLoop({ loop, fn, inputs, finish, isAsync }, calls) {
  const start = performance.now()
  const sum = isAsync ? await loop(fn, 0, calls, inputs) : loop(fn, 0, calls, inputs)
  finish?.()
  const ns = ((performance.now() - start) * 1e6) / calls
  return { ns, totalNs: ns, sum }
}

/** Bursts with a turn of the event loop after each: `ns` is what callers wait, `totalNs` all of it, deliveries too. */
async function runBursts({ loop, fn, inputs, finish }, calls) {
  let inside = 0
  let sum = 0
  const start = performance.now()
  for (let from = 0; from < calls; from += BURST) {
    const before = performance.now()
    sum += await loop(fn, from, from + BURST, inputs)
    inside += performance.now() - before
    await turn()
  }
  finish?.()
  return { ns: (inside * 1e6) / calls, totalNs: ((performance.now() - start) * 1e6) / calls, sum }
}

/** Measures one subject for about `roundMs`, a million calls at most. */
export function runRound(subject, calls) {
  return subject.bursts ? runBursts(subject, calls) : runLoop(subject, calls)
}

/** Warms a subject up and finds how many calls fill a round: whole bursts, so that every subject adds up the same. */
export async function calibrate(subject, roundMs, onCalls = () => {}) {
  let calls = BURST
  let perCall = 0
  let spentMs = 0
  for (let runs = 0; runs < WARM_UPS || spentMs < roundMs; runs++) {
    perCall = (await runRound(subject, calls)).totalNs
    onCalls(calls)
    const tookMs = (perCall * calls) / 1e6
    spentMs += Math.max(tookMs, roundMs / 50)
    if (tookMs < roundMs / 2) calls = Math.min(calls * 2, MAX_CALLS)
    await turn()
  }
  const fitting = Math.floor((roundMs * 1e6) / perCall / BURST) * BURST
  return Math.max(BURST, Math.min(fitting, MAX_CALLS))
}

/** Lets timers, streams and garbage of one round pass before the next. */
export async function settle() {
  for (let turns = 0; turns < 3; turns++) await turn()
}
