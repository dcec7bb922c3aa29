import type { Exchange, Outcome, Thrown } from './types.ts'

/** The same response, with a body that is read through here as it is asked for, and ends the entry with its last byte. */
export function followBody(given: unknown, exchange: Exchange, outcome: Outcome): unknown {
  const response = given as Response
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let bytes = 0
  const end = (more: Outcome, thrown?: Thrown): void => exchange.end({ ...outcome, bytes, ...more }, thrown)
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await exchange.run(() => reader.read())
          if (!done) {
            bytes += value.byteLength
            return controller.enqueue(value)
          }
          controller.close()
          end({})
        } catch (error) {
          controller.error(error)
          end({ status: 500 }, { error })
        }
      },
      cancel(reason) {
        end({ aborted: true })
        return exchange.run(() => reader.cancel(reason))
      }
    },
    { highWaterMark: 0 }
  )
  return new Response(body, response)
}
