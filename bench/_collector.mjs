import { createServer } from 'node:http'

/** A collector for spans on loopback: keeps what arrives whole by OTLP over HTTP. */
export async function collect() {
  const spans = []
  const server = createServer(async (request, response) => {
    const chunks = []
    try {
      for await (const chunk of request) chunks.push(chunk)
      spans.push(...spansIn(JSON.parse(Buffer.concat(chunks).toString())))
    } catch {} // the sender was killed in the middle
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    server.closeAllConnections()
    server.close()
    return spans
  }
  return { port: server.address().port, close }
}

const spansIn = ({ resourceSpans = [] }) =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans)
