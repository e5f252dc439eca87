import type { Task } from '@mnas/core/contracts'
import { charts } from './charts.js'
import { describeOutput } from './describe-output.js'
import { deployedHead, head } from './head.js'
import { ClassificationMetrics } from './metrics.js'
import { classificationObjective } from './objective.js'
import { openImageFolder } from './open-image-folder.js'
import { optionsSchema } from './options.js'
import { preprocessing } from './preprocessing.js'
import { readInput } from './read-input.js'
import { recipes } from './recipes.js'

/** Image classification: which one of the classes of the training folder does a picture show? */
const classification: Task = {
  name: 'classification',
  options: optionsSchema,
  optionsFor: (dataset, base) => optionsSchema.parse({ ...base, classes: dataset.labels.length }),
  primaryMetric: 'top1',
  recipe: (name) => recipes[name],
  head,
  deployedHead,
  objective: (model, _options, loss) => classificationObjective(model, loss),
  open: openImageFolder,
  preprocessing,
  readInput,
  describeOutput,
  metrics: (_options, labels) => new ClassificationMetrics(labels),
  charts,
}

export default classification
export { classificationErrors } from './errors.js'
