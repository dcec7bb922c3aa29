import { serve } from '@hono/node-server'
import { logger } from '../nfo.config.ts'
import { app } from './app.ts'

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  logger.info('listening', { port })
  console.log(`listening on http://localhost:${port}`)
})

// Requests that have begun are answered; then the process ends, and the last entries are written.
process.once('SIGTERM', () => server.close())
