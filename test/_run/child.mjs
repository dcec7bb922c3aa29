import { spawn } from 'node:child_process'

const graceMs = 5000
const keptOutput = 8000
const running = new Set()

/** For when the runner itself is told to stop: its children are in groups of their own and would stay. */
export function stopChildren() {
  for (const child of running) signalGroup(child, 'SIGKILL')
}

/**
 * Runs a test process and follows the lines it marks with a record separator. Its whole process group is gone
 * afterwards, whatever it started.
 */
export function runChild({ command, env, stallMs, listen, endsItself = true, isChatty = false }) {
  const began = Date.now()
  const seen = { result: undefined, last: undefined, output: '', ended: undefined }
  const stdio = ['ignore', 'pipe', isChatty ? 'ignore' : 'pipe']
  const child = spawn(command[0], command.slice(1), { env, detached: true, stdio })
  running.add(child)
  let timer

  const keep = (text) => {
    seen.output = (seen.output + text).slice(-keptOutput)
  }
  const expect = (ms, otherwise) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      seen.ended = otherwise
      signalGroup(child, 'SIGKILL')
    }, ms)
  }
  const give = ({ start, result, crash }) => {
    seen.last = start ?? seen.last
    seen.result ??= result
    if (crash) keep(`${crash}\n`)
    if (!endsItself && (result || (crash && !seen.last))) signalGroup(child, 'SIGTERM')
    if (seen.result) expect(Math.min(graceMs, stallMs), 'lingers')
    else expect(stallMs, 'hangs')
  }

  expect(stallMs, 'hangs')
  listen?.(give)
  eachLine(child.stdout, (line) => {
    const mark = line.indexOf('\u001e')
    if (mark < 0) return keep(`${line}\n`)
    return give(JSON.parse(line.slice(mark + 1)))
  })
  child.stderr?.setEncoding('utf8').on('data', keep)
  // A grandchild that holds the pipes would keep `close` from coming.
  child.on('exit', () => setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs).unref())

  return new Promise((resolve) => {
    const end = (code) => {
      clearTimeout(timer)
      running.delete(child)
      signalGroup(child, 'SIGKILL')
      resolve({ ...seen, code: endsItself ? code : 0, ms: Date.now() - began })
    }
    child.on('error', (error) => {
      keep(String(error))
      end(-1)
    })
    child.on('close', (code, signal) => end(code ?? signal))
  })
}

function signalGroup({ pid }, signal) {
  try {
    if (pid) process.kill(-pid, signal)
  } catch {
    // All of it has ended.
  }
}

function eachLine(stream, give) {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines) give(line)
  })
  stream.on('end', () => rest && give(rest))
}
