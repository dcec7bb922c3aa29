import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { matchedRoutes } from 'hono/route'
import { withContext } from 'nfo'
import { logger } from '../nfo.config.ts'
import { ShopError } from './errors.ts'
import { checkHealth } from './health.ts'
import { placeOrder } from './orders.ts'
import { findProduct, listProducts } from './products.ts'
import { signIn, userFrom } from './users.ts'

export const app = new Hono()

// All that is recorded for a request says for which. With a traceparent it joins the caller's trace.
app.use(requestId())
app.use(async (context, next) => {
  const { requestId } = context.var
  const { method } = context.req
  const route = matchedRoutes(context).at(-1)?.path
  const traceparent = context.req.header('traceparent')
  await withContext({ requestId, method, route, traceparent }, next)
})

app.use('/orders', async (context, next) => withContext({ user: userFrom(context.req.raw.headers) }, next))

app.get('/health', async (context) => context.text(await checkHealth()))
app.get('/products', async (context) => context.json(await listProducts()))
app.get('/products/:sku', async (context) => context.json(await findProduct(context.req.param('sku'))))
app.post('/sessions', async (context) => context.json(await signIn(await context.req.json()), 201))
app.post('/orders', async (context) => context.json(await placeOrder(await context.req.json()), 201))

app.onError((error, context) => {
  const status = error instanceof ShopError ? error.status : 500
  logger.warn('request failed', { status })
  return context.json({ error: status === 500 ? 'internal error' : error.message }, status)
})
