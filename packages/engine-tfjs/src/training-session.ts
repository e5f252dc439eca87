import type { Graph, Tensors, TrainingRequest, TrainingSession } from '@mnas/core/contracts'
import { bindObjective, randomInputsOf, trainingPath, type UpdateRule, updateRuleOf } from '@mnas/core/graph'
import { algebraOf } from './algebra-of.js'
import { placedParameters } from './layout.js'
import { openRuntime, type Runtime } from './tensorflow/runtime.js'
import type { TfTensor } from './tensorflow/tensorflow.js'
import { type Pass, trainingPass } from './training-pass.js'
import { type ParameterState, TrainingState } from './training-state.js'

/** Finds the path of the gradients and allocates the state. @throws MNAS_ENGINE_NO_GRADIENT */
export async function openTrainingSession(request: TrainingRequest): Promise<TrainingSession> {
  const { model, objective, optimizer, frozen, plan } = request
  const graph = bindObjective(model, objective)
  const parameters = placedParameters(model)
  const trained = parameters.filter(({ name, statistic }) => !statistic && !frozen.includes(name))
  const path = trainingPath(graph, new Set(trained.map(({ name }) => name)))
  const runtime = await openRuntime(plan)
  const rule = updateRuleOf(optimizer)
  const { average } = optimizer
  const state = await runtime.run(() => new TrainingState(runtime.tf, parameters, { rule, average, frozen }))
  return new TfjsTrainingSession(request, { runtime, graph, path, rule, state })
}

interface Compiled {
  readonly runtime: Runtime
  /** Model and objective as one. */
  readonly graph: Graph
  /** Ids of the nodes that need a gradient. */
  readonly path: ReadonlySet<string>
  readonly rule: UpdateRule
  readonly state: TrainingState
}

type Scalars = Parameters<TrainingSession['step']>[1]

/** Gradients that wait for the next applied step are no part of the state: load and restore drop them. */
class TfjsTrainingSession implements TrainingSession {
  readonly randomInputs: TrainingSession['randomInputs']
  readonly #request: TrainingRequest
  readonly #compiled: Compiled
  /** Sums of the gradients that wait, by parameter name, and of how many steps. */
  readonly #sums = new Map<string, TfTensor>()
  #waiting = 0

  constructor(request: TrainingRequest, compiled: Compiled) {
    this.randomInputs = randomInputsOf(compiled.graph)
    this.#request = request
    this.#compiled = compiled
  }

  async step(inputs: Tensors, scalars: Scalars, apply = true): Promise<Readonly<Record<string, number>>> {
    const { runtime } = this.#compiled
    const { objective, batchSize } = this.#request
    const options = { ...this.#compiled, randomInputs: this.randomInputs, results: Object.keys(objective.outputs), batchSize }
    return runtime.run(() => {
      const pass = trainingPass(options, inputs)
      try {
        if (apply) this.#apply(pass, scalars)
        else this.#wait(pass)
      } finally {
        for (const tensor of pass.statistics.values()) tensor.dispose()
      }
      return pass.results
    })
  }

  async weights(which: 'raw' | 'average'): Promise<Tensors> {
    const { runtime, state } = this.#compiled
    return runtime.run(() => state.weights(which))
  }

  async load(weights: Tensors): Promise<void> {
    const { runtime, state } = this.#compiled
    return runtime.run(() => {
      state.load(weights)
      this.#forget()
    })
  }

  async state(): Promise<Tensors> {
    const { runtime, state } = this.#compiled
    return runtime.run(() => state.save())
  }

  async restore(saved: Tensors): Promise<void> {
    const { runtime, state } = this.#compiled
    return runtime.run(() => {
      state.restore(saved)
      this.#forget()
    })
  }

  async close(): Promise<void> {
    const { runtime, state } = this.#compiled
    return runtime.run(() => {
      state.dispose()
      this.#forget()
    })
  }

  /** Everything new is computed before anything is replaced: a step that fails changes nothing. */
  #apply(pass: Pass, { learningRate, averageDecay }: Scalars): void {
    const { runtime, state } = this.#compiled
    const changes = [...state].flatMap((before) => {
      const next = before.trained ? this.#updated(before, pass, learningRate) : this.#running(before, pass)
      if (!next) return []
      const average = before.average && moved(runtime, before.average, next.weights, averageDecay)
      return [[before.parameter.name, { ...next, average }] as const]
    })
    for (const [name, next] of changes) state.replace(name, next)
    this.#forget()
  }

  /** What the optimizer makes of a parameter. The L2 penalty is part of the loss, so its gradient passes through the optimizer. */
  #updated(state: ParameterState, pass: Pass, learningRate: number): Pick<ParameterState, 'weights' | 'slots'> {
    const { runtime, rule } = this.#compiled
    const { optimizer, rates = {} } = this.#request
    const { weightDecay } = optimizer
    const { tf } = runtime
    const { parameter, weights, slots } = state
    return tf.tidy(() => {
      const sum = sumOf(runtime, this.#sums.get(parameter.name), pass.gradients.get(parameter.name)) ?? tf.zerosLike(weights)
      const own = this.#waiting > 0 ? tf.mul(sum, 1 / (this.#waiting + 1)) : sum
      const gradient = parameter.decayed && weightDecay > 0 ? tf.add(own, tf.mul(weights, weightDecay)) : own
      const updated = rule.update(algebraOf(tf), {
        weights,
        gradient,
        slots,
        learningRate: tf.scalar(learningRate * (rates[parameter.name] ?? 1)),
      })
      return { weights: updated.weights, slots: [...updated.slots] }
    })
  }

  /** running ← momentum·running + (1 − momentum)·batch; null for what is no statistic, or frozen. */
  #running({ parameter: { name }, weights }: ParameterState, { statistics }: Pass): Pick<ParameterState, 'weights'> | null {
    const { frozen, batchNormMomentum } = this.#request
    const batch = statistics.get(name)
    if (!batch || frozen.includes(name)) return null
    return { weights: moved(this.#compiled.runtime, weights, batch, batchNormMomentum) }
  }

  /** Running statistics move; gradients are added to those that wait. */
  #wait(pass: Pass): void {
    const { runtime, state } = this.#compiled
    const moving = [...state].map((before) => [before.parameter.name, this.#running(before, pass)] as const)
    const sums = [...pass.gradients].map(([name, gradient]) => [name, sumOf(runtime, this.#sums.get(name), gradient)!] as const)
    for (const [name, running] of moving) if (running) state.replace(name, running)
    for (const [name, sum] of sums) {
      this.#sums.get(name)?.dispose()
      this.#sums.set(name, runtime.tf.keep(sum))
    }
    this.#waiting++
  }

  #forget(): void {
    for (const tensor of this.#sums.values()) tensor.dispose()
    this.#sums.clear()
    this.#waiting = 0
  }
}

/** kept·before + (1 − kept)·now */
function moved({ tf }: Runtime, before: TfTensor, now: TfTensor, kept: number): TfTensor {
  return tf.tidy(() => tf.add(tf.mul(before, kept), tf.mul(now, 1 - kept)))
}

function sumOf({ tf }: Runtime, a: TfTensor | undefined, b: TfTensor | undefined): TfTensor | undefined {
  return a && b ? tf.add(a, b) : (a ?? b)
}
