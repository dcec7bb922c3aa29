/** What a `Snapshot` stands for. */
export type SnapshotKind =
  | 'instance' // of a class: text is its name, fields are its own properties
  | 'error' // text is the message; fields hold name, message, stack, cause, errors and own properties
  | 'function' // text is its name
  | 'symbol' // text is its description
  | 'redacted' // a secret that was left out
  | 'unreadable' // reading it threw
  | 'cycle' // an object that contains itself; text is how many levels up
  | 'depth' // nested deeper than the capture limit; text is the type
  | 'more' // the items of an array that the capture limits cut off; text is how many
  | 'opaque' // a promise, a weak reference, a stream: text is the type

/** What was kept of a value that plain data cannot hold. Stands in an entry's `args`, `returnValue` and `extra`. */
export class Snapshot {
  readonly kind: SnapshotKind
  readonly text: string
  readonly fields: Record<string, unknown> | undefined
  constructor(kind: SnapshotKind, text: string, fields?: Record<string, unknown>) {
    this.kind = kind
    this.text = text
    this.fields = fields
  }
}
