export type Fields = Record<string, unknown>

/** Fields on top of others. What cannot be read is left out: a log never throws. */
export function merged(fields: Fields, more: unknown): Fields {
  try {
    if (typeof more !== 'object' || more === null) return more === undefined ? fields : { ...fields, fields: more }
    const proto = Object.getPrototypeOf(more)
    return { ...fields, ...(proto === null || proto === Object.prototype ? more : { fields: more }) }
  } catch {
    return fields
  }
}
