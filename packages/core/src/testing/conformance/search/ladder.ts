import type {
  BoardEntry,
  Estimate,
  Fidelity,
  RungPolicy,
  RungPolicyFactory,
  RungStep,
  SearchGoal,
} from '../../../contracts/index.js'
import { uniformSource } from '../../random-tensors.js'
import { check } from '../check.js'

export interface LadderOptions {
  /** Default 3. */
  readonly rungs?: number
  /** Default 3. */
  readonly eta?: number
  /** Default 1. */
  readonly workers?: number
  /** Each trial of such a number fails behind its first rung. Default: none. */
  readonly failing?: number
  /** 0 to 1, by trial; default: drawn. */
  readonly qualities?: readonly number[]
  /** Of all networks; default: drawn. */
  readonly latencyMs?: number
}

type Watch = (step: RungStep, board: readonly BoardEntry[], mayAsk: boolean) => void

/** More steps than any policy needs for the searches of the suite. */
const mostSteps = 2000

/** A search with rungs that trains nothing: qualities are made up and show the better the higher the rung. */
export class Ladder {
  readonly policy: RungPolicy
  readonly #factory: RungPolicyFactory
  readonly #goal: SearchGoal
  readonly #options: LadderOptions
  readonly #next = uniformSource(110)
  readonly #fidelities: readonly Fidelity[]
  #board: readonly BoardEntry[] = []
  readonly #qualities: number[]

  constructor(factory: RungPolicyFactory, goal: SearchGoal, options: LadderOptions) {
    const { rungs = 3, qualities = [] } = options
    this.#factory = factory
    this.#goal = goal
    this.#options = options
    this.#qualities = [...qualities]
    this.#fidelities = Array.from({ length: rungs }, (_, rung) => {
      const epochs = 2 ** rung
      return { epochs, scheduleEpochs: epochs, inputSize: 32, headFilters: 16 }
    })
    this.policy = this.fresh()
  }

  get board(): readonly BoardEntry[] {
    return this.#board
  }

  /** One that has seen nothing yet. */
  fresh(): RungPolicy {
    const { eta = 3 } = this.#options
    return this.#factory.create({ fidelities: this.#fidelities, eta })
  }

  reachedTop(): number {
    return this.#board.filter(({ estimates }) => estimates.length === this.#fidelities.length).length
  }

  /** Until so many trials were asked for and nothing runs any more. @throws MNAS_CONFORMANCE_BROKEN when it does not end */
  climb(trials: number, watch: Watch = () => undefined): void {
    const { workers = 1 } = this.#options
    for (let steps = 0; steps < mostSteps; steps++) {
      const running = this.#board.filter(({ state }) => state === 'running').length
      const mayAsk = this.#board.length < trials
      const step = running < workers ? this.policy.next(this.#board, this.#goal, mayAsk) : 'wait'
      if (running < workers) watch(step, this.#board, mayAsk)
      if (step === 'wait' && running === 0) return
      this.#take(step)
    }
    check(false, `a search of ${trials} trials`, `an end within ${mostSteps} steps`, 'more steps')
  }

  #take(step: RungStep): void {
    if (step === 'wait') this.#train()
    else if (step === 'ask') {
      const latencyMs = this.#options.latencyMs ?? 2 + 8 * this.#next()
      const facts = {
        latency: { latencyMs, source: 'measured', relativeError: 0 } as const,
        costs: { parameters: 1, macs: 1, peakMemoryBytes: 1 },
        sizeBytes: 1,
      }
      const entry = { trial: this.#board.length + 1, facts, estimates: [], state: 'running' } as const
      this.#board = [...this.#board, entry]
    } else if ('promote' in step) this.#set(step.promote, { state: 'running' })
    else this.#set(step.stop, { state: 'ended' })
  }

  /** The first that runs has trained. */
  #train(): void {
    const { trial, estimates } = this.#board.find(({ state }) => state === 'running')!
    const { failing } = this.#options
    const rung = estimates.length
    const fails = rung > 0 && failing !== undefined && trial % failing === 0
    const top = this.#fidelities.length - 1
    if (fails) this.#set(trial, { state: 'ended' })
    else this.#set(trial, { estimates: [...estimates, this.#estimate(trial, rung)], state: rung < top ? 'paused' : 'ended' })
  }

  #estimate(trial: number, rung: number): Estimate {
    while (this.#qualities.length < trial) this.#qualities.push(this.#next())
    const top1 = (this.#qualities[trial - 1]! * (rung + 1)) / this.#fidelities.length
    return { metrics: { top1 }, fidelity: this.#fidelities[rung]! }
  }

  #set(trial: number, changes: Partial<BoardEntry>): void {
    this.#board = this.#board.map((entry) => (entry.trial === trial ? { ...entry, ...changes } : entry))
  }
}
