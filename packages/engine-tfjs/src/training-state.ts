import type { Parameter, Tensors } from '@mnas/core/contracts'
import type { UpdateRule } from '@mnas/core/graph'
import type { PlacedParameter } from './layout.js'
import type { TensorFlow, TfTensor } from './tensorflow/tensorflow.js'
import { parameterOf, parameterTensor, parameterValues } from './tensors.js'

/** Everything that a step may change of one parameter. */
export interface ParameterState {
  readonly parameter: PlacedParameter
  /** Whether the optimizer changes it. */
  readonly trained: boolean
  readonly weights: TfTensor
  readonly average: TfTensor | null
  /** In the order of the rule's. */
  readonly slots: readonly TfTensor[]
}

/** Weights, slots and averages by parameter, as kept tensors in TensorFlow's order. Only inside a runtime's `run`. */
export class TrainingState {
  readonly #tf: TensorFlow
  readonly #rule: UpdateRule
  readonly #states: Map<string, ParameterState>

  constructor(
    tf: TensorFlow,
    parameters: readonly PlacedParameter[],
    { rule, average, frozen }: { readonly rule: UpdateRule; readonly average: boolean; readonly frozen: readonly string[] },
  ) {
    this.#tf = tf
    this.#rule = rule
    const isTrained = ({ name, statistic }: Parameter) => !statistic && !frozen.includes(name)
    const filled = (parameter: PlacedParameter, value: number) => parameterTensor(tf, parameter, fill(parameter, value))
    this.#states = new Map(
      parameters.map((parameter) => {
        const trained = isTrained(parameter)
        const slots = trained ? rule.slots.map(({ initial }) => filled(parameter, initial)) : []
        const state = { parameter, trained, weights: filled(parameter, 0), average: average ? filled(parameter, 0) : null, slots }
        return [parameter.name, state]
      }),
    )
  }

  get(name: string): ParameterState {
    return this.#states.get(name)!
  }

  [Symbol.iterator](): Iterator<ParameterState> {
    return this.#states.values()
  }

  /** Takes over tensors made in this `run` and frees those that they replace. */
  replace(name: string, next: Partial<Pick<ParameterState, 'weights' | 'average' | 'slots'>>): void {
    const state = this.get(name)
    const [before, after] = [tensorsOf(state), tensorsOf({ ...state, ...next })]
    for (const tensor of after) this.#tf.keep(tensor)
    for (const tensor of before) if (!after.includes(tensor)) tensor.dispose()
    this.#states.set(name, { ...state, ...next })
  }

  /** Copies of the weights or, where there is one, their average. */
  weights(which: 'raw' | 'average'): Tensors {
    const chosen = ({ weights, average }: ParameterState) => (which === 'average' && average ? average : weights)
    return this.#collect((state) => [[state.parameter.name, chosen(state)]])
  }

  /** Copies of everything, by the names of the contract. */
  save(): Tensors {
    return this.#collect((state) => this.#named(state))
  }

  /** Starts anew from weights: slots at their initial value, the average at the weights. Checks everything before it changes anything. */
  load(weights: Tensors): void {
    const values = [...this].map(({ parameter }) => [parameter, parameterValues(parameter, weights[parameter.name])] as const)
    for (const [parameter, data] of values) {
      const { trained, average } = this.get(parameter.name)
      const tensor = (from: Float32Array) => parameterTensor(this.#tf, parameter, from)
      this.replace(parameter.name, {
        weights: tensor(data),
        average: average && tensor(data.slice()),
        slots: trained ? this.#rule.slots.map(({ initial }) => tensor(fill(parameter, initial))) : [],
      })
    }
  }

  /** Checks everything before it changes anything. */
  restore(saved: Tensors): void {
    const values = [...this].map((state) => {
      const named = this.#named(state).map(([name]) => parameterValues(state.parameter, saved[name], name))
      return [state, named] as const
    })
    for (const [{ parameter, average }, named] of values) {
      const [weights, ...others] = named.map((data) => parameterTensor(this.#tf, parameter, data))
      this.replace(parameter.name, {
        weights: weights!,
        average: average && others[0]!,
        slots: average ? others.slice(1) : others,
      })
    }
  }

  dispose(): void {
    for (const state of this) for (const tensor of tensorsOf(state)) tensor.dispose()
  }

  #named({ parameter: { name }, weights, average, slots }: ParameterState): readonly (readonly [string, TfTensor])[] {
    return [
      [`weight/${name}`, weights],
      ...(average ? ([[`average/${name}`, average]] as const) : []),
      ...slots.map((slot, i) => [`slot/${this.#rule.slots[i]!.name}/${name}`, slot] as const),
    ]
  }

  #collect(named: (state: ParameterState) => readonly (readonly [string, TfTensor])[]): Tensors {
    const entries = [...this].flatMap((state) =>
      named(state).map(([name, tensor]) => [name, parameterOf(state.parameter, tensor)] as const),
    )
    return Object.fromEntries(entries)
  }
}

const tensorsOf = ({ weights, average, slots }: Pick<ParameterState, 'weights' | 'average' | 'slots'>): readonly TfTensor[] => [
  weights,
  ...(average ? [average] : []),
  ...slots,
]

const fill = ({ shape }: Parameter, value: number): Float32Array =>
  new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(value)
