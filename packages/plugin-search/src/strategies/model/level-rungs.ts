/** What one network was found to be at the rungs where it was trained. */
export interface Climb {
  /** The metric by rung, from 0; what was not observed there is absent. */
  readonly rungs: ReadonlyMap<number, number>
}

/**
 * One number for each network, all as if they had been trained at the highest rung that any of them has reached: what it was at its
 * own highest one and, for each step from there to the top, the mean difference of the networks that were trained at both ends of
 * that step. A step that nobody has gone adds nothing. In the order of `climbs`, so that it adds up to the same each time.
 */
export function levelRungs(climbs: readonly Climb[]): readonly number[] {
  const top = climbs.reduce((most, { rungs }) => Math.max(most, highest(rungs)), 0)
  const steps = Array.from({ length: top }, (_, rung) => meanStep(climbs, rung))
  return climbs.map(({ rungs }) => {
    const own = highest(rungs)
    return steps.slice(own).reduce((sum, step) => sum + step, rungs.get(own)!)
  })
}

const highest = (rungs: ReadonlyMap<number, number>): number => Math.max(...rungs.keys())

/** From a rung to the next. */
function meanStep(climbs: readonly Climb[], rung: number): number {
  const steps = climbs.flatMap(({ rungs }) => {
    const [from, to] = [rungs.get(rung), rungs.get(rung + 1)]
    return from === undefined || to === undefined ? [] : [to - from]
  })
  return steps.length === 0 ? 0 : steps.reduce((sum, step) => sum + step, 0) / steps.length
}
