import type { Task } from '@mnas/core/contracts'
import { checkDecoders } from '@mnas/images/decoding'
import { ClassificationAgreement } from './agreement.js'
import { charts } from './charts/charts.js'
import { describeOutput, formatOutput } from './describe-output.js'
import { deployed, head } from './head.js'
import { ClassificationMetrics } from './metrics.js'
import { classificationObjective } from './objective.js'
import { openImageFolder } from './open-image-folder.js'
import { optionsSchema } from './options.js'
import { inherit, preprocessing } from './preprocessing.js'
import { inputsIn, readInput } from './read-input.js'
import { recipes } from './recipes.js'

/** Image classification: which one of the classes of the training folder does a picture show? */
const classification: Task = {
  name: 'classification',
  options: optionsSchema,
  optionsFor: (dataset, base) => optionsSchema.parse({ ...base, classes: dataset.labels.length }),
  headlines: [
    { name: 'top1', label: 'top-1', percent: true },
    { name: 'balancedAccuracy', label: 'balanced accuracy', percent: true },
  ],
  recipes,
  head,
  deployed,
  objective: (model, _options, loss) => classificationObjective(model, loss),
  open: openImageFolder,
  preprocessing,
  inherit,
  readInput,
  inputsIn,
  describeOutput,
  formatOutput,
  answers: 'classes',
  rightAnswers: ({ top1, count }) => (top1 === undefined || count === undefined ? null : Math.round(top1 * count)),
  metrics: (_options, labels) => new ClassificationMetrics(labels),
  agreement: (_options, _targets, on) => new ClassificationAgreement(on),
  charts,
  check: async () => [await checkDecoders()],
}

export default classification
export { classificationErrors } from './errors.js'
