import type { Architecture } from '../../architecture/index.js'
import type { ResolvedModel } from '../../bundle/index.js'
import type { JsonObject, PlanWish } from '../../contracts/index.js'
import type { DataSource } from '../../data/index.js'
import type { Reporter } from '../../events/index.js'
import type { Registry } from '../../plugins/index.js'
import type { RecipeChanges } from '../../training/index.js'
import type { TrainingStart } from './training-start.js'

/** A training as the command line asks for it. */
export interface TrainRequest {
  readonly registry: Registry
  /** At the size to train and deploy. */
  readonly architecture: Architecture
  readonly data: DataSource
  /** The bundle's folder; the training's own files go to its `local/`. */
  readonly out: string
  /** As loadRecipe gives it. */
  readonly recipe: JsonObject
  /** Whether it is one of the task's own, which are made for fresh weights: fine-tuning may lower its rate. */
  readonly recipeIsNamed: boolean
  /** Default: from scratch. A continued training takes its architecture, recipe, seed and plan from the bundle's. */
  readonly start?: TrainingStart
  /** The run that found the architecture, and which of its networks it is. Default: none did. */
  readonly run?: ResolvedModel['run']
  readonly changes: RecipeChanges
  /** Kind of the fit of images into the input: the task's own or another that it knows. Default: its own. */
  readonly fit?: string
  /** As many epochs as fit into so much time from now, instead of the recipe's. */
  readonly timeMs?: number
  readonly seed: number
  /** How many of the last checkpoints stay. */
  readonly checkpointsKept: number
  /** Engine, accelerator and threads: of a training that was begun, they must agree with its plan. */
  readonly wish: PlanWish
  readonly mnasVersion: string
  readonly reporter: Reporter
  readonly signal: AbortSignal
}
