/**
 * The bytes of a record. This file alone owns offsets, kinds and tags; docs/format.md is its prose.
 *
 * A record starts on a multiple of 8 bytes (a "word") and has a header of four words:
 *
 *   u32 shape    bits 0-15 length in words, 16-19 kind, 20-27 flags, 28-30 level, 31 flag
 *   u32 site     bits 0-15 site number, 16-23 number of arguments
 *   u32 span     u32 parent
 *   f64 start    milliseconds on the recorder's clock
 *   f64 duration milliseconds
 *
 * and then values: the arguments, the result or error, or both. A context comes behind the arguments, in an END and a
 * MESSAGE last.
 */

export const HEADER_BYTES = 32
export const WORDS_MASK = 0xffff
/** A context takes no more; what else is in its record leaves room for it. */
export const CONTEXT_BYTES = 1024
/** Of a trace: its id, the beginning of the span ids that it has here, and the span it comes from, if it does. */
export const TRACE_BYTES = 16
export const PREFIX_BYTES = 4
export const SPAN_BYTES = 8
/** The largest record, and the room that is always kept free before the head. */
export const RECORD_WORDS = 640
/** Encoding stops adding values past this many bytes into a record; what is left is slack for closing tags. */
export const RECORD_LIMIT = 4608

export const KIND_MASK: number = 15 << 16
/** Filler up to the end of the ring. */
export const PAD = 0
/** A call that has ended: arguments and outcome. */
export const CALL: number = 1 << 16
/** A call that has begun: arguments. */
export const START: number = 2 << 16
/** The outcome of a call whose START was not the newest record any more. */
export const END: number = 3 << 16
/** A message: text and fields. */
export const MESSAGE: number = 4 << 16

/** Still running: reclaiming the record copies it to the pinned part. */
export const OPEN: number = 1 << 20
/** Failed: the outcome is an error. */
export const FAILED: number = 1 << 21
/** A failure, or an ancestor of one: reclaiming the record copies it to the pinned part. */
export const PINNED: number = 1 << 22
/** The outcome came through a promise. */
export const ASYNC: number = 1 << 23
/** The outcome is followed by the number of yields and how the generator ended. */
export const GENERATOR: number = 1 << 24
/** Called with `new`. */
export const CONSTRUCTED: number = 1 << 25
/** The capture limits cut something. */
export const CUT: number = 1 << 26
/** The drain has taken this record already. */
export const TAKEN: number = 1 << 27

/** Two values say in which context: the ids of its trace as bytes, and its fields. */
export const CONTEXT: number = 1 << 31

export const LEVEL_SHIFT = 28
export const LEVEL_MASK = 7
/** Spans are small integers that go around; the decoder unwraps them. */
export const SPAN_MASK = 0x7fffffff
/** A site number; the number of arguments is above it. */
export const SITE_MASK = 0xffff
export const COUNT_SHIFT = 16

export const OUTCOMES = ['done', 'returned', 'threw', 'abandoned'] as const

// A value is one tag byte and its bytes. Tags below 128 are that integer.
export const TAG_UNDEFINED = 128
export const TAG_NULL = 129
export const TAG_TRUE = 130
export const TAG_FALSE = 131
/** i32 */
export const TAG_INT = 132
/** f64 */
export const TAG_FLOAT = 133
/** u8 length, ASCII */
export const TAG_ASCII = 134
/** u16 length in bytes, UTF-8 */
export const TAG_TEXT = 135
/** u32 length of the whole in UTF-16 units, u16 length in bytes, UTF-8 of its beginning */
export const TAG_CUT = 136
/** as a string */
export const TAG_BIGINT = 137
export const TAG_SYMBOL = 138
export const TAG_FUNCTION = 139
/** f64 epoch milliseconds */
export const TAG_DATE = 140
/** two strings: source, flags */
export const TAG_REGEXP = 141
/** u32 length of the whole, u8 length kept, bytes */
export const TAG_BYTES = 142
/** values up to `end` */
export const TAG_ARRAY = 143
/** keys and values up to `end` */
export const TAG_OBJECT = 144
/** a string, the class's name; then as `object` */
export const TAG_INSTANCE = 145
/** as `instance`, with name, message, stack, cause, errors among the keys */
export const TAG_ERROR = 146
/** keys as values, and values, up to `end` */
export const TAG_MAP = 147
/** values up to `end` */
export const TAG_SET = 148
/** u8 levels up */
export const TAG_CYCLE = 149
/** a string, the type */
export const TAG_DEPTH = 150
/** u32 how many were left out; `end` follows */
export const TAG_MORE = 151
export const TAG_REDACTED = 152
export const TAG_UNREADABLE = 153
/** a string, the type */
export const TAG_OPAQUE = 154
/** a string that was not well-formed Unicode: u16 length in units, UTF-16 units */
export const TAG_UNITS = 155
export const TAG_END = 255

/** A key is a u16 number of an interned name; this one says that a string follows instead. */
export const INLINE_KEY = 0xffff
/** And this one says that there are no more keys. */
export const NO_KEY = 0xfffe
/** As many names as a recorder interns; later ones are written in full. */
export const MAX_NAMES = 4096
export const MAX_SITES = 0xffff

/** Whether a record of that shape completes an entry; a PAD and a START do not. */
export const isEntry = (shape: number): boolean => {
  const kind = shape & KIND_MASK
  return kind === CALL || kind === END || kind === MESSAGE
}

/** In the table of open calls: the record was overwritten even in the pinned part. */
export const GONE = -1
