// Kept from before anybody replaces it.
const { now } = performance

/**
 * Milliseconds to add to the main thread's clock for epoch time, from here: each thread has a clock of its own. After the machine
 * slept, its clocks and the calendar disagree.
 */
export function clockOf(epoch: number): () => number {
  const skew = Date.now() - epoch - now.call(performance)
  return () => {
    const current = Date.now() - now.call(performance) - skew
    if (Math.abs(current - epoch) > 1000) epoch = current
    return epoch
  }
}
