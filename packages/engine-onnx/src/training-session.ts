import type { Graph, Tensors, TrainingRequest, TrainingSession } from '@mnas/core/contracts'
import { bindObjective, parametersOf, randomInputsOf, updateRuleOf } from '@mnas/core/graph'
import { DeviceCopies, disposeTensors } from './accelerators/device-memory.js'
import { compileModel } from './compile-model.js'
import { DeviceState } from './device-state.js'
import { engineOnnxErrors } from './errors.js'
import { laneBlock } from './fast/probe-block.js'
import { blocksOf } from './ops/value.js'
import { groupParameters, isTrained, type ParameterGroup } from './parameter-groups.js'
import { compositeSteps, singleSteps } from './rewrite/rewrite.js'
import { keepsTensors } from './runtime/accelerators.js'
import { feedInputs } from './runtime/feeds.js'
import { floatTensors, type OrtSession, type OrtTensor, type WrapFloats } from './runtime/load-runtime.js'
import { TrainingState } from './training-state.js'
import { stepNames, type TrainingStepOptions, trainingStep } from './training-step.js'

/** Compiles one training step. */
export async function openTrainingSession(request: TrainingRequest): Promise<TrainingSession> {
  const graph = bindObjective(request.model, request.objective)
  const mode = await modeOf(graph, request)
  const groups = groupParameters(parametersOf(request.model), request.frozen)
  const rule = updateRuleOf(request.optimizer)
  const results = Object.keys(request.objective.outputs)
  const { optimizer, batchSize, batchNormMomentum, plan, rates = {} } = request
  const onDevice = keepsTensors(plan.accelerator)
  const options = { graph, ...mode, results, groups, rates, optimizer, rule, batchSize, batchNormMomentum, splitGroups: onDevice }
  const compile = (accumulating: boolean): Promise<OrtSession> => {
    const step = trainingStep({ ...options, accumulating })
    const kept = onDevice ? step.outputs.map(({ name }) => name).filter(stepNames.isNext) : []
    // The fast mode is what trains in earnest, in a process of its own.
    return compileModel(step, plan, { waiting: plan.mode === 'fast' ? 'spin' : 'sleep', onDevice: kept })
  }
  const wrap = await floatTensors()
  const step = await compile(false)
  const state = new TrainingState(wrap, groups, rule, optimizer.average)
  const device = onDevice ? new DeviceState(state, await DeviceCopies.open(plan.accelerator, state.shapes)) : null
  return new OnnxTrainingSession(request, { graph, groups, results, compile, wrap, onDevice }, step, state, device)
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
  readonly results: readonly string[]
  readonly wrap: WrapFloats
  /** Whether state and sums of gradients stay on the device. */
  readonly onDevice: boolean
  compile(accumulating: boolean): Promise<OrtSession>
}

/** Gradients that wait for the next applied step are no part of the state: load and restore drop them. */
class OnnxTrainingSession implements TrainingSession {
  readonly randomInputs: TrainingSession['randomInputs']
  readonly #request: TrainingRequest
  readonly #compiled: Compiled
  readonly #state: TrainingState
  readonly #device: DeviceState | null
  readonly #step: OrtSession
  readonly #accumulation: Accumulation

  constructor(request: TrainingRequest, compiled: Compiled, step: OrtSession, state: TrainingState, device: DeviceState | null) {
    this.randomInputs = randomInputsOf(compiled.graph)
    this.#request = request
    this.#compiled = compiled
    this.#state = state
    this.#device = device
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
      ...(this.#device ? await this.#device.feeds() : this.#state.feeds),
      ...feedInputs(wrap, graph.inputs, batchSize, inputs, stepNames.input),
      ...feedInputs(wrap, this.randomInputs, batchSize, inputs, stepNames.mask),
      ...(accumulating ? this.#accumulation.feeds() : {}),
      [stepNames.learningRate]: wrap(Float32Array.of(scalars.learningRate), [1]),
      [stepNames.averageDecay]: wrap(Float32Array.of(scalars.averageDecay), [1]),
    }
    const fetches = this.#device ? {} : { ...this.#state.fetches, ...(accumulating ? this.#accumulation.fetches() : {}) }
    const outputs = await run(session, feeds, fetches)
    if (this.#device) this.#device.advance(outputs, apply)
    else if (apply) this.#state.swap()
    else this.#state.keepStatistics()
    if (accumulating) this.#accumulation.advance(outputs)
    if (apply) this.#accumulation.clear()
    return this.#results(outputs)
  }

  async weights(which: 'raw' | 'average'): Promise<Tensors> {
    await this.#device?.refreshHost()
    return this.#state.weights(which)
  }

  async load(weights: Tensors): Promise<void> {
    this.#state.load(weights)
    this.#device?.forget()
    this.#accumulation.clear()
  }

  async state(): Promise<Tensors> {
    await this.#device?.refreshHost()
    return this.#state.save()
  }

  async restore(state: Tensors): Promise<void> {
    this.#state.restore(state)
    this.#device?.forget()
    this.#accumulation.clear()
  }

  async close(): Promise<void> {
    await this.#device?.close()
    await this.#accumulation.close()
    await this.#step.release()
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

  /** A step has added to the sums. */
  advance(outputs: Readonly<Record<string, OrtTensor>>): void {
    const [current, next] = this.#sums
    if (this.#compiled.onDevice) {
      disposeTensors(Object.values(current))
      this.#sums = [Object.fromEntries(Object.keys(current).map((name) => [name, outputs[stepNames.next(name)]!])), next]
    } else this.#sums = [next, current]
    this.steps++
  }

  clear(): void {
    if (this.steps === 0) return
    this.steps = 0
    if (this.#compiled.onDevice) {
      disposeTensors(Object.values(this.#sums[0]))
      this.#sums = [this.#zeros(), {}]
    } else for (const tensor of Object.values(this.#sums[0])) (tensor.data as Float32Array).fill(0)
  }

  async close(): Promise<void> {
    disposeTensors(Object.values(this.#sums[0]))
    await this.#session?.release()
  }

  #zeros(): Record<string, OrtTensor> {
    const { wrap } = this.#compiled
    return Object.fromEntries(
      this.#groups.map(({ name, size }) => [stepNames.accumulated(name), wrap(new Float32Array(size), [size])]),
    )
  }
}
