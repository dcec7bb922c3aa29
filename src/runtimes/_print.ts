const encoder = new TextEncoder()
const GONE = ['EPIPE', 'EIO', 'EBADF']

/** Writes a whole text through a synchronous `write` that may take a part, or nothing for now. */
export function writeAll(write: (bytes: Uint8Array) => number, text: string): void {
  let rest = encoder.encode(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(write(rest))
    } catch (error) {
      const { code } = error as { code: string }
      // The reader has gone: there is nobody left to tell.
      if (GONE.includes(code)) return
      if (code !== 'EAGAIN') throw error
      pause()
    }
  }
}

/** A full pipe that somebody made non-blocking empties in its own time. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
}
