/** Serves a page that is recorded, and prints what it posts. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, resolve } from 'node:path'

const here = import.meta.dirname
const dist = resolve(here, '../../dist')
const types = { '.html': 'text/html', '.js': 'text/javascript' }

function show(line) {
  const { level, function_name: name = '', args = [], return_value: result, exception, extra } = JSON.parse(line)
  console.log(extra.visit.slice(0, 4), level, name, JSON.stringify(args), exception ?? JSON.stringify(result) ?? '')
}

async function takePosts(request, response) {
  let body = ''
  for await (const text of request.setEncoding('utf8')) body += text
  body.trimEnd().split('\n').forEach(show)
  response.writeHead(204).end()
}

async function serve({ url }, response) {
  const path = url === '/' ? '/index.html' : new URL(url, 'http://here').pathname
  const file = path.startsWith('/dist/') ? join(dist, path.slice('/dist'.length)) : join(here, path)
  try {
    response.setHeader('content-type', types[extname(file)] ?? 'text/plain')
    response.end(await readFile(file))
  } catch {
    response.writeHead(404).end()
  }
}

const server = createServer((request, response) => {
  void (request.method === 'POST' ? takePosts : serve)(request, response)
})
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`open http://127.0.0.1:${server.address().port}/`)
})
