import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site {
  readonly origin: string
  /** What `GET` of a path gives; a page is made for a path that ends with `.js` in `/page/NAME.js`. */
  readonly files: Map<string, string | Uint8Array>
  /** Bodies posted to each path, that were answered with 200. */
  readonly posts: Map<string, string[]>
  /** The status of posts. */
  status: number
  /** Milliseconds until a post is answered. */
  delay: number
  close(): Promise<void>
}

const TYPES: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm', map: 'application/json' }

/** A page that loads the module of the same path. */
const pageFor = (path: string): string =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="${path}"></script>`

/** A server of pages and scripts that takes posts. */
export async function startSite(): Promise<Site> {
  const site = { files: new Map(), posts: new Map(), status: 200, delay: 0 } as unknown as Site

  function take(path: string, body: string, response: ServerResponse): void {
    const { status } = site
    if (status === 200) site.posts.set(path, [...(site.posts.get(path) ?? []), body])
    if (status === 0) response.destroy()
    else setTimeout(() => response.writeHead(status).end(), site.delay)
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url as string, 'http://site').pathname
    if (request.method === 'POST') {
      const chunks: Buffer[] = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on('end', () => take(path, Buffer.concat(chunks).toString(), response))
      return
    }
    const body = site.files.get(path) ?? (path.startsWith('/page/') ? pageFor(path.slice('/page'.length)) : undefined)
    const type = TYPES[path.startsWith('/page/') ? '' : path.slice(path.lastIndexOf('.') + 1)] ?? 'text/html'
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(site, {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    }
  })
}
