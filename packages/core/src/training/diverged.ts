/** Numbers that are none, in a training; how much of it is safe, only its loop knows. */
export class Diverged extends Error {
  readonly facts: {
    readonly step: number
    /** E.g. `a loss of NaN`. */
    readonly received: string
    readonly learningRate: number
  }

  constructor(facts: Diverged['facts']) {
    super(`step ${facts.step} gave ${facts.received}`)
    this.facts = facts
  }
}
