/** A request as it came in. */
export interface Incoming {
  readonly method: string
  /** With or without the origin. */
  readonly url: string
}

/** How a request ended. */
export interface Outcome {
  /** Missing when no answer was sent. */
  status?: number | undefined
  /** Of the body. */
  bytes?: number | undefined
  /** The client went away before it had all. */
  aborted?: boolean | undefined
}

/** What a handler threw. */
export interface Thrown {
  error: unknown
}

/** A request that is being answered. */
export interface Exchange {
  readonly id: string
  /** Set when the framework made an answer of what the handler threw. */
  thrown?: Thrown
  /** Runs a part of the handler: what it calls is the request's. */
  run<Result>(task: () => Result): Result
  /** The pattern of its path, once it is known. The first one counts. */
  route(pattern: string | undefined): void
  /** Ends the entry, the first time. */
  end(outcome: Outcome, thrown?: Thrown): void
}
