import { connect } from 'node:net'

const REQUEST = Buffer.from('GET /orders/12 HTTP/1.1\r\nhost: localhost\r\nconnection: keep-alive\r\n\r\n')
const PATIENCE_MS = 10_000
const END_OF_HEAD = '\r\n\r\n'

/**
 * Keeps `connections` sockets busy, one request in flight on each, for `ms` milliseconds or `limit` requests. It writes
 * ready-made bytes and counts the bytes that come back, so that the server is what is measured, not the client.
 */
export async function load({ port, connections, ms, limit = 200_000 }) {
  const size = await responseSize(port)
  const latencies = []
  const start = performance.now()
  const goesOn = () => performance.now() - start < ms && latencies.length < limit
  await Promise.all(Array.from({ length: connections }, () => keepBusy(port, size, latencies, goesOn)))
  const seconds = (performance.now() - start) / 1000
  return { rate: latencies.length / seconds, latencies }
}

function keepBusy(port, size, latencies, goesOn) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    let missing = size
    let sent = 0
    const send = () => {
      missing = size
      sent = performance.now()
      socket.write(REQUEST)
    }
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('[nfo] [bench] the server does not answer')))
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.on('data', (chunk) => {
      missing -= chunk.length
      if (missing > 0) return
      latencies.push(performance.now() - sent)
      if (goesOn()) send()
      else socket.destroy()
    })
  })
}

/** How long one response is, head and body; every response of these servers has the same length. */
function responseSize(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(REQUEST))
    let text = ''
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const head = text.indexOf(END_OF_HEAD)
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
      if (head < 0 || text.length < head + END_OF_HEAD.length + length) return
      if (!text.startsWith('HTTP/1.1 200')) reject(new Error(`[nfo] [bench] unexpected response: ${text}`))
      socket.destroy()
      resolve(head + END_OF_HEAD.length + length)
    })
  })
}
