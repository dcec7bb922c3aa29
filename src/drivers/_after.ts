/** Goes on with a value when it is there: at once, or when its promise has settled. */
export function after<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** Runs `work`; what it throws, or its promise is rejected with, goes to `handle`. */
export function attempt<Result>(
  work: () => Result | Promise<Result>,
  handle: (error: unknown) => Result | Promise<Result>
): Result | Promise<Result> {
  try {
    const result = work()
    return result instanceof Promise ? result.catch(handle) : result
  } catch (error) {
    return handle(error)
  }
}
