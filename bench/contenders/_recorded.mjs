const now = () => performance.now()

/**
 * The wrapper that every logging library gets: a function of one or two parameters goes in, every outcome goes to
 * `record`. Written per arity, because rest arguments would cost some runtimes as much as the clock.
 */
export function recorded(fn, name, record, begin = now) {
  return fn.length === 1 ? one(fn, name, record, begin) : two(fn, name, record, begin)
}

function one(fn, name, record, begin) {
  return function (first) {
    const started = begin(name)
    let result
    try {
      result = fn.call(this, first)
    } catch (error) {
      record(name, [first], undefined, error, started)
      throw error
    }
    if (result instanceof Promise) onSettled(result, name, [first], record, started)
    else record(name, [first], result, undefined, started)
    return result
  }
}

function two(fn, name, record, begin) {
  return function (first, second) {
    const started = begin(name)
    let result
    try {
      result = fn.call(this, first, second)
    } catch (error) {
      record(name, [first, second], undefined, error, started)
      throw error
    }
    if (result instanceof Promise) onSettled(result, name, [first, second], record, started)
    else record(name, [first, second], result, undefined, started)
    return result
  }
}

function onSettled(promise, name, args, record, started) {
  promise.then(
    (value) => record(name, args, value, undefined, started),
    (error) => record(name, args, undefined, error, started)
  )
}

/** What every contender has to keep of a call, as the fields that a logger is given. */
export function facts(functionName, args, result, error, started) {
  const durationMs = performance.now() - started
  if (error === undefined) return { functionName, args, result, durationMs }
  return { functionName, args, exceptionType: error.name, exception: error.message, traceback: error.stack, durationMs }
}

/** Turns a line of JSON with those fields back into a record; `levelOf` reads the library's own spelling of a level. */
export function parseLine(line, levelOf = (fields) => fields.level) {
  const fields = JSON.parse(line)
  return { ...fields, ...fields.properties, level: String(levelOf(fields)).toLowerCase() }
}

/** A wrapper made of a logger's `info` and `error` methods. */
export function loggedCalls(info, failure) {
  const record = (name, args, result, error, started) => {
    if (error === undefined) info(facts(name, args, result, error, started))
    else failure(facts(name, args, result, error, started))
  }
  return (fn, name) => recorded(fn, name, record)
}
