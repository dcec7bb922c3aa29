/** True when both types are the same, not merely assignable to each other. */
export type Same<One, Other> =
  (<Probe>() => Probe extends One ? 1 : 2) extends <Probe>() => Probe extends Other ? 1 : 2 ? true : false

/** Compiles only when the type is `true`. */
export function assert<_Condition extends true>(): void {}

/** Compiles only when the value has exactly this type. */
export function exactly<Expected>(): <Actual>(
  value: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : [never]
) => void {
  return () => {}
}
