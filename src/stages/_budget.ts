/**
 * Gives the share of entries to keep so that about `budget` of them a second are kept, those included that are kept
 * anyway. It goes by the second before in which some came. When more come than in that, the share falls with the
 * square, so a sudden load gets at most twice the budget.
 */
export function createBudget(budget: number): (second: number, keptAnyway: boolean) => number {
  let current = 0
  let others = 0
  let anyway = 0
  let expected = 0
  let share = 1
  return (second, keptAnyway) => {
    if (budget === Infinity) return 1
    if (second !== current) {
      expected = Math.max(budget - anyway, others, 1)
      share = Math.max(0, budget - anyway) / expected
      current = second
      others = anyway = 0
    }
    if (keptAnyway) anyway++
    else others++
    return others <= expected ? share : share * (expected / others) ** 2
  }
}
