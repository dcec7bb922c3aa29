/** Takes everything, keeps nothing, and counts, so that a contender that quietly skips calls is found out. */
export function nowhere() {
  const destination = {
    count: 0,
    write() {
      destination.count++
    }
  }
  return destination
}

/** Keeps everything, to be compared. */
export function collector() {
  const destination = {
    written: [],
    write(record) {
      destination.written.push(record)
    }
  }
  return destination
}
