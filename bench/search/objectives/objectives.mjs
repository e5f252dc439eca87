/** What the strategies are compared on: pure functions of a genome, and known facts. Opening one takes about a second. */
const objectives = {
  pairs: async () => (await import('./pairs.mjs')).pairsObjective,
  cliff: async () => (await import('./cliff.mjs')).cliffObjective,
  peaks: async () => (await import('./peaks.mjs')).peaksObjective,
  weakest: async () => (await import('./weakest.mjs')).weakestObjective,
  macro: async () => (await import('./macro.mjs')).macroObjective,
}
export const objectiveNames = Object.keys(objectives)

/** @throws where there is none of that name */
export function openObjective(name) {
  if (!Object.hasOwn(objectives, name)) throw new Error(`Expected one of ${objectiveNames.join(', ')}, received ${name}`)
  return objectives[name]()
}
