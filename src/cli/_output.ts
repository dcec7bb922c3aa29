import { writeSync } from 'node:fs'
import { visible } from '../formats/inspect.ts'
import { writeAll } from '../runtimes/_print.ts'

/** Nobody reads any more. Ends a command with code 0. */
export class ReaderGone extends Error {}

/** Where lines go. */
export interface Output {
  /** Takes whole lines without their last newline. Throws a ReaderGone when there is nobody left to read them. */
  line(text: string): void
  /** Hands over what is held back. */
  flush(): void
}

const GONE = ['EPIPE', 'EIO', 'EBADF']
const HELD_BACK = 65_536

/** Standard output. Writing waits for a slow reader, so nothing piles up. */
export const standardOutput = (): Output => outputTo(1, 'standard output')

/** An open file. Lines are held back up to 64 KiB: a system call for each would cost more than all the rest. */
export function outputTo(file: number, name: string): Output {
  let held = ''
  const write = (bytes: Uint8Array): number => writeTo(file, name, bytes)
  function flush(): void {
    const text = held
    held = ''
    if (text) writeAll(write, text)
  }
  return {
    line(text) {
      held += `${text}\n`
      if (held.length >= HELD_BACK) flush()
    },
    flush
  }
}

/** Shows what steers a terminal instead of obeying it. For text that is data as it stands, such as CSV. */
export function escaped(output: Output): Output {
  const line = (text: string): void => output.line(text.replace(/\r$/, '').split('\n').map(visible).join('\n'))
  return { ...output, line }
}

function writeTo(file: number, name: string, bytes: Uint8Array): number {
  try {
    return writeSync(file, bytes)
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    if (file === 1 && GONE.includes(code)) throw new ReaderGone()
    if (code === 'EAGAIN') throw error
    // Without its code: whoever called would take some for a reader that has gone.
    throw new Error(`[nfo] [cli] cannot write ${name}: ${message}; check the disk and the permissions`)
  }
}
