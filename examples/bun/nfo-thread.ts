/** What `thread: true` runs, for `bun build --compile`, which takes in only what it can see. */
export * from 'nfo/thread'
