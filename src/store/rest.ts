const LONGEST_MS = 20

/** Gives the app a turn after every 20 ms of reading, as files and most databases are read without waiting. */
export function createRest(): () => Promise<void> | undefined {
  let begun = Date.now()
  return () => {
    if (Date.now() - begun < LONGEST_MS) return undefined
    return new Promise((resolve) => {
      setTimeout(() => {
        begun = Date.now()
        resolve()
      })
    })
  }
}
