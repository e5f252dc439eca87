import type { Tensor, Tensors } from '@mnas/core/contracts'
import type { UpdateRule } from '@mnas/core/graph'
import { isTrained, type ParameterGroup } from './parameter-groups.js'
import { weightValues } from './runtime/feeds.js'
import type { OrtTensor, WrapFloats } from './runtime/load-runtime.js'
import { stepNames } from './training-step.js'

type Kind = 'weight' | 'average' | 'slot'

/** One state tensor of a group: where it stands in the ONNX graph, and under which name its parameters are saved. */
interface StateTensor {
  readonly group: ParameterGroup
  readonly kind: Kind
  readonly input: string
  readonly saved: (parameter: string) => string
  readonly initial: number
  /** Whether a step writes it. */
  readonly changes: boolean
}

const isRunningStatistic = ({ group, kind }: StateTensor): boolean => group.kind === 'statistics' && kind === 'weight'

/** All state once: buffers by ONNX input name, and tensors over them. */
interface Generation {
  readonly buffers: ReadonlyMap<string, Float32Array>
  /** Every state tensor and every parameter (a view of its group's weights), by ONNX input name. */
  readonly feeds: Readonly<Record<string, OrtTensor>>
  /** The same buffers as the places into which a step of the other generation writes. */
  readonly fetches: Readonly<Record<string, OrtTensor>>
}

/**
 * Weights, slots and averages in memory of ours. There are two generations: a step reads one and writes the other, then they swap, so that
 * nothing is copied and a failed step leaves the state as it was.
 */
export class TrainingState {
  readonly #tensors: readonly StateTensor[]
  #current: Generation
  #next: Generation

  constructor(wrap: WrapFloats, groups: readonly ParameterGroup[], rule: UpdateRule, average: boolean) {
    this.#tensors = groups.flatMap((group) => stateTensors(group, rule, average))
    this.#current = generation(wrap, this.#tensors)
    this.#next = generation(wrap, this.#tensors)
    for (const tensor of this.#tensors) this.#both(tensor).forEach((buffer) => void buffer.fill(tensor.initial))
  }

  get feeds(): Readonly<Record<string, OrtTensor>> {
    return this.#current.feeds
  }

  get fetches(): Readonly<Record<string, OrtTensor>> {
    return this.#next.fetches
  }

  /** Shapes of all state, by ONNX input name. */
  get shapes(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries(this.#tensors.map(({ input, group }) => [input, [group.size]]))
  }

  /** Whether an ONNX input holds running statistics, which move with every forward pass. */
  isStatistic(input: string): boolean {
    return this.#tensors.some((tensor) => tensor.input === input && isRunningStatistic(tensor))
  }

  /** Sets all state to the values of tensors of these shapes. */
  overwrite(values: Readonly<Record<string, OrtTensor>>): void {
    for (const { input } of this.#tensors) this.#current.buffers.get(input)!.set(values[input]!.data as Float32Array)
  }

  /** A step has written every fetch: the next generation becomes the current one. */
  swap(): void {
    const previous = this.#current
    this.#current = this.#next
    this.#next = previous
  }

  /** A step has written only the running statistics. */
  keepStatistics(): void {
    for (const { input } of this.#tensors.filter(isRunningStatistic))
      this.#current.buffers.get(input)!.set(this.#next.buffers.get(input)!)
  }

  /** Copies of the weights or their average, by parameter name. */
  weights(which: 'raw' | 'average'): Tensors {
    const kind = which === 'average' && this.#tensors.some((tensor) => tensor.kind === 'average') ? 'average' : 'weight'
    return this.#read(
      (tensor) => tensor.kind === kind,
      (_tensor, parameter) => parameter,
    )
  }

  /** Copies of everything, by the names of the contract. */
  save(): Tensors {
    return this.#read(
      () => true,
      (tensor, parameter) => tensor.saved(parameter),
    )
  }

  /** Starts anew from weights: slots at their initial value, the average at the weights. */
  load(weights: Tensors): void {
    const from = (tensor: StateTensor, parameter: string) => (tensor.kind === 'slot' ? null : weights[parameter])
    this.#write(from, (_tensor, parameter) => parameter)
  }

  restore(state: Tensors): void {
    this.#write(
      (tensor, parameter) => state[tensor.saved(parameter)],
      (tensor, parameter) => tensor.saved(parameter),
    )
  }

  #both(tensor: StateTensor): readonly [Float32Array, Float32Array] {
    return [this.#current.buffers.get(tensor.input)!, this.#next.buffers.get(tensor.input)!]
  }

  #read(wanted: (tensor: StateTensor) => boolean, nameOf: (tensor: StateTensor, parameter: string) => string): Tensors {
    const entries = this.#tensors.filter(wanted).flatMap((tensor) => {
      const buffer = this.#current.buffers.get(tensor.input)!
      return tensor.group.parameters.map(({ name, shape, offset, size }): [string, Tensor] => {
        return [nameOf(tensor, name), { dtype: 'float32', shape, data: buffer.slice(offset, offset + size) }]
      })
    })
    return Object.fromEntries(entries)
  }

  /** Checks everything before it changes anything. `from` null = the initial value. */
  #write(
    from: (tensor: StateTensor, parameter: string) => Tensor | undefined | null,
    nameOf: (tensor: StateTensor, parameter: string) => string,
  ): void {
    const writes = this.#tensors.flatMap((tensor) =>
      tensor.group.parameters.map(({ name, shape, offset, size }) => {
        const value = from(tensor, name)
        return { tensor, offset, size, values: value === null ? null : weightValues(nameOf(tensor, name), shape, value) }
      }),
    )
    for (const { tensor, offset, size, values } of writes) {
      for (const buffer of this.#both(tensor)) {
        if (values) buffer.set(values, offset)
        else buffer.fill(tensor.initial, offset, offset + size)
      }
    }
  }
}

function stateTensors(group: ParameterGroup, rule: UpdateRule, average: boolean): readonly StateTensor[] {
  const { name, kind } = group
  const changes = kind !== 'frozen'
  const weights: StateTensor = {
    group,
    kind: 'weight',
    input: stepNames.weights(name),
    saved: (parameter) => `weight/${parameter}`,
    initial: 0,
    changes,
  }
  const averages: StateTensor = {
    ...weights,
    kind: 'average',
    input: stepNames.average(name),
    saved: (parameter) => `average/${parameter}`,
  }
  const slots = rule.slots.map((slot): StateTensor => {
    const saved = (parameter: string) => `slot/${slot.name}/${parameter}`
    return { ...weights, kind: 'slot', input: stepNames.slot(slot.name, name), saved, initial: slot.initial }
  })
  return [weights, ...(average ? [averages] : []), ...(isTrained(group) ? slots : [])]
}

function generation(wrap: WrapFloats, tensors: readonly StateTensor[]): Generation {
  const buffers = new Map(tensors.map(({ group, input }) => [input, new Float32Array(group.size)]))
  const feeds: Record<string, OrtTensor> = {}
  const fetches: Record<string, OrtTensor> = {}
  for (const { group, kind, input, changes } of tensors) {
    const buffer = buffers.get(input)!
    feeds[input] = wrap(buffer, [group.size])
    if (changes) fetches[stepNames.next(input)] = feeds[input]
    if (kind !== 'weight') continue
    for (const { name, shape, offset, size } of group.parameters) {
      feeds[stepNames.parameter(name)] = wrap(buffer.subarray(offset, offset + size), shape)
    }
  }
  return { buffers, feeds, fetches }
}
