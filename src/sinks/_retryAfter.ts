/** Milliseconds that a `Retry-After` asks to wait, in seconds or with a date; undefined when it does not. */
export function retryAfter(text: string | null | undefined): number | undefined {
  const seconds = Number(text)
  const ms = Number.isNaN(seconds) ? Date.parse(`${text}`) - Date.now() : seconds * 1000
  return text && ms >= 0 ? ms : undefined
}
