import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename } from 'node:path'

// Without these two there is no SharedArrayBuffer.
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

// A module that throws while it loads never gets to its own reporting.
const reportCrash = `addEventListener('error', ({ error, message }) =>
  fetch('/line', { method: 'POST', body: JSON.stringify({ crash: String(error?.stack ?? message) }) }))`

const pageFor = (path) => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script>${reportCrash}</script><script type="module" src="${path}"></script>`

async function readJson(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

/** Serves a page that runs a bundle, and hands on what the page posts. */
export async function servePage(bundle) {
  const path = `/${basename(bundle)}`
  const bodies = { '/': ['text/html', pageFor(path)], [path]: ['text/javascript', readFileSync(bundle)] }
  let give
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      give(await readJson(request))
      return response.writeHead(204, isolated).end()
    }
    const [type, body] = bodies[request.url] ?? ['text/plain', '']
    return response.writeHead(body ? 200 : 404, { ...isolated, 'content-type': type }).end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    listen(listener) {
      give = listener
    },
    close() {
      server.closeAllConnections()
      server.close()
    }
  }
}
