import type { ExecutionPlan, Graph, PlanWish, TrainingEngine } from '../contracts/index.js'
import { contractErrors, didYouMean } from '../errors/index.js'
import type { Registry } from '../plugins/index.js'

/** @throws MNAS_ENGINE_ACCELERATOR when the accelerator is another engine's, nobody's, or not there */
export async function planTraining(registry: Registry, wish: PlanWish, model: Graph, batchSize: number): Promise<ExecutionPlan> {
  const engine = await registry.get('engine', wish.engine)
  await requireKnownAccelerator(registry, engine, wish.accelerator)
  const threads = wish.threads > 0 && { threads: wish.threads }
  const accelerator = wish.accelerator !== 'auto' && { accelerator: wish.accelerator }
  return engine.plan({ ...threads, ...accelerator }, model, batchSize)
}

/**
 * In what a recorded plan differs from an outspoken wish, one phrase each; what a wish leaves open differs from nothing. The mode is not
 * anybody's wish.
 */
export async function planDifferences(
  registry: Registry,
  wish: PlanWish,
  recorded: ExecutionPlan,
  model: Graph,
  batchSize: number,
): Promise<readonly string[]> {
  if (wish.engine !== recorded.engine) return [phrase('engine', recorded.engine, wish.engine)]
  if (wish.accelerator === 'auto' && wish.threads === 0) return []
  // A wish may have another name than what comes of it ("cpu" is "tfjs-cpu" in one engine, which has one thread whatever is wished).
  const wanted = await planTraining(registry, wish, model, batchSize)
  const named = { accelerator: wish.accelerator !== 'auto', threads: wish.threads > 0 }
  return (['accelerator', 'threads'] as const)
    .filter((name) => named[name] && wanted[name] !== recorded[name])
    .map((name) => phrase(name, recorded[name], wanted[name]))
}

/**
 * The plan of a training that goes on with other batches, or on another computer: engine, accelerator and threads stay, and the fast mode
 * does where it still fits.
 * @throws MNAS_ENGINE_ACCELERATOR when the accelerator is not there
 */
export function adaptPlan(
  engine: Pick<TrainingEngine, 'plan'>,
  { accelerator, threads, mode }: ExecutionPlan,
  model: Graph,
  batchSize: number,
): Promise<ExecutionPlan> {
  return engine.plan({ accelerator, threads, ...(mode === 'standard' && { mode }) }, model, batchSize)
}

const phrase = (name: string, recorded: string | number, wanted: string | number) =>
  `${name} is ${JSON.stringify(recorded)} in the run and ${JSON.stringify(wanted)} now`

async function requireKnownAccelerator(registry: Registry, engine: TrainingEngine, wish: string): Promise<void> {
  const { name, accelerators } = engine
  if (wish === 'auto' || accelerators === undefined || accelerators.includes(wish)) return
  const others = await Promise.all(registry.names('engine').map((other) => registry.get('engine', other).catch(() => null)))
  const owner = others.find((other) => other?.accelerators?.includes(wish))
  const fix = owner
    ? `It is one of the engine "${owner.name}": add --engine ${owner.name}, or leave the accelerator to "auto".`
    : `Choose one of these.${didYouMean(wish, accelerators)}`
  throw contractErrors.MNAS_ENGINE_ACCELERATOR({ engine: name, wish, available: accelerators, fix })
}
