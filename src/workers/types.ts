/** The handlers of a Worker that are recorded. */
type Kind = 'fetch' | 'scheduled' | 'queue' | 'email' | 'tail'
type Handlers<Worker> = NonNullable<Worker[Kind & keyof Worker]>

type Known<Type> = unknown extends Type ? object : NonNullable<Type>

/** The `env` that a handler's functions, or a class's constructor, take. */
export type EnvOf<Worker> = Worker extends new (
  ctx: never,
  env: infer Env
) => object
  ? Known<Env>
  : Handlers<Worker> extends (event: never, env: infer Env, ...rest: never[]) => unknown
    ? Known<Env>
    : object

/** The context that they take. */
export type ContextOf<Worker> = Worker extends new (
  ctx: infer Context,
  env: never
) => object
  ? Known<Context>
  : Handlers<Worker> extends (event: never, env: never, ctx: infer Context, ...rest: never[]) => unknown
    ? Known<Context>
    : object

/** What their functions are called with first; of a class, whatever its methods take. */
export type EventOf<Worker> = [Handlers<Worker>] extends [never]
  ? unknown
  : Handlers<Worker> extends infer Handler
    ? Handler extends (event: infer Event, ...rest: never[]) => unknown
      ? Event
      : never
    : never
