export let count = 0
export function increase(by: number): number {
  count += by
  return count
}
export const names: readonly string[] = ['one']
