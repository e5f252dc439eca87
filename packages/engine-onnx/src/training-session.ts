import type { Graph, Tensors, TrainingRequest, TrainingSession } from '@mnas/core/contracts'
import { bindObjective, parametersOf } from '@mnas/core/graph'
import { engineOnnxErrors } from './errors.js'
import { laneBlock } from './fast/probe-block.js'
import { blocksOf } from './ops/value.js'
import { type UpdateRule, updateRule } from './optimizer/update-rule.js'
import { groupParameters, isTrained, type ParameterGroup } from './parameter-groups.js'
import { compositeSteps, singleSteps } from './rewrite/rewrite.js'
import { compileModel, feedInputs, floatTensors, type OrtSession, type OrtTensor, type WrapFloats } from './runtime.js'
import { TrainingState } from './training-state.js'
import { randomInputsOf, stepNames, type TrainingStepOptions, trainingStep } from './training-step.js'

/** Compiles one training step. */
export async function openTrainingSession(request: TrainingRequest): Promise<TrainingSession> {
  const graph = bindObjective(request.model, request.objective)
  const mode = await modeOf(graph, request)
  const groups = groupParameters(parametersOf(request.model), request.frozen)
  const rule = updateRule(request.optimizer)
  const results = Object.keys(request.objective.outputs)
  const compile = (accumulating: boolean): Promise<OrtSession> => {
    const { optimizer, batchSize, batchNormMomentum, plan } = request
    const step = trainingStep({ graph, ...mode, results, groups, optimizer, rule, batchSize, batchNormMomentum, accumulating })
    // The fast mode is what trains in earnest, in a process of its own.
    return compileModel(step, plan, plan.mode === 'fast' ? 'spin' : 'sleep')
  }
  const wrap = await floatTensors()
  return new OnnxTrainingSession(request, { graph, groups, rule, results, compile, wrap }, await compile(false))
}

/** @throws MNAS_ENGINE_MODE when the plan is fast and cannot be on this machine */
async function modeOf(
  graph: Graph,
  { plan, batchSize }: TrainingRequest,
): Promise<Pick<TrainingStepOptions, 'steps' | 'layout'>> {
  if (plan.mode === 'standard') return { steps: singleSteps(graph) }
  const block = await laneBlock()
  if (block === null || batchSize % block !== 0) throw engineOnnxErrors.MNAS_ENGINE_MODE({ block, batchSize })
  return { steps: compositeSteps(graph), layout: blocksOf(block) }
}

interface Compiled {
  readonly graph: Graph
  readonly groups: readonly ParameterGroup[]
  readonly rule: UpdateRule
  readonly results: readonly string[]
  readonly wrap: WrapFloats
  compile(accumulating: boolean): Promise<OrtSession>
}

/** Gradients that wait for the next applied step are no part of the state: load and restore drop them. */
class OnnxTrainingSession implements TrainingSession {
  readonly randomInputs: TrainingSession['randomInputs']
  readonly #request: TrainingRequest
  readonly #compiled: Compiled
  readonly #state: TrainingState
  readonly #step: OrtSession
  readonly #accumulation: Accumulation

  constructor(request: TrainingRequest, compiled: Compiled, step: OrtSession) {
    this.randomInputs = randomInputsOf(compiled.graph)
    this.#request = request
    this.#compiled = compiled
    this.#state = new TrainingState(compiled.wrap, compiled.groups, compiled.rule, request.optimizer.average)
    this.#step = step
    this.#accumulation = new Accumulation(compiled)
  }

  async step(
    inputs: Tensors,
    scalars: { readonly learningRate: number; readonly averageDecay: number },
    apply = true,
  ): Promise<Readonly<Record<string, number>>> {
    const { wrap, graph } = this.#compiled
    const { batchSize } = this.#request
    const accumulating = !apply || this.#accumulation.steps > 0
    const session = accumulating ? await this.#accumulation.session() : this.#step
    const feeds = {
      ...this.#state.feeds,
      ...feedInputs(wrap, graph.inputs, batchSize, inputs, stepNames.input),
      ...feedInputs(wrap, this.randomInputs, batchSize, inputs, stepNames.mask),
      ...(accumulating ? this.#accumulation.feeds() : {}),
      [stepNames.learningRate]: wrap(Float32Array.of(scalars.learningRate), [1]),
      [stepNames.averageDecay]: wrap(Float32Array.of(scalars.averageDecay), [1]),
    }
    const fetches = { ...this.#state.fetches, ...(accumulating ? this.#accumulation.fetches() : {}) }
    const outputs = await run(session, feeds, fetches)
    if (apply) {
      this.#state.swap()
      this.#accumulation.clear()
    } else {
      this.#state.keepStatistics()
      this.#accumulation.advance()
    }
    return this.#results(outputs)
  }

  async weights(which: 'raw' | 'average'): Promise<Tensors> {
    return this.#state.weights(which)
  }

  async load(weights: Tensors): Promise<void> {
    this.#state.load(weights)
    this.#accumulation.clear()
  }

  async state(): Promise<Tensors> {
    return this.#state.save()
  }

  async restore(state: Tensors): Promise<void> {
    this.#state.restore(state)
    this.#accumulation.clear()
  }

  async close(): Promise<void> {
    await this.#step.release()
    await this.#accumulation.close()
  }

  #results(outputs: Readonly<Record<string, OrtTensor>>): Readonly<Record<string, number>> {
    const entries = this.#compiled.results.flatMap((name) => {
      const { data } = outputs[stepNames.result(name)]!
      return data.length === 1 ? [[name, Number(data[0])] as const] : []
    })
    return Object.fromEntries(entries)
  }
}

/** Runs a session with those feeds and into those outputs that it knows. */
async function run(
  session: OrtSession,
  feeds: Readonly<Record<string, OrtTensor>>,
  fetches: Readonly<Record<string, OrtTensor>>,
): Promise<Readonly<Record<string, OrtTensor>>> {
  const known = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]))
  const places = Object.fromEntries(session.outputNames.map((name) => [name, fetches[name] ?? null]))
  return session.run(known, places)
}

/**
 * Gradient accumulation: a second step, compiled when the first unapplied step asks for it, that adds its gradients to those of the steps
 * before and divides by their number.
 */
class Accumulation {
  readonly #compiled: Compiled
  readonly #groups: readonly ParameterGroup[]
  #session: OrtSession | null = null
  #sums: readonly [Record<string, OrtTensor>, Record<string, OrtTensor>] = [{}, {}]
  /** Steps whose gradients wait to be applied. */
  steps = 0

  constructor(compiled: Compiled) {
    this.#compiled = compiled
    this.#groups = compiled.groups.filter(isTrained)
  }

  async session(): Promise<OrtSession> {
    if (this.#session) return this.#session
    this.#session = await this.#compiled.compile(true)
    this.#sums = [this.#zeros(), this.#zeros()]
    return this.#session
  }

  feeds(): Record<string, OrtTensor> {
    const scale = this.#compiled.wrap(Float32Array.of(1 / (this.steps + 1)), [1])
    return { ...this.#sums[0], [stepNames.gradientScale]: scale }
  }

  fetches(): Record<string, OrtTensor> {
    return Object.fromEntries(Object.entries(this.#sums[1]).map(([name, tensor]) => [stepNames.next(name), tensor]))
  }

  advance(): void {
    this.#sums = [this.#sums[1], this.#sums[0]]
    this.steps++
  }

  clear(): void {
    if (this.steps === 0) return
    this.steps = 0
    for (const tensor of Object.values(this.#sums[0])) (tensor.data as Float32Array).fill(0)
  }

  async close(): Promise<void> {
    await this.#session?.release()
  }

  #zeros(): Record<string, OrtTensor> {
    const { wrap } = this.#compiled
    return Object.fromEntries(
      this.#groups.map(({ name, size }) => [stepNames.accumulated(name), wrap(new Float32Array(size), [size])]),
    )
  }
}
