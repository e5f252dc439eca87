import type { OpenOptions, Task } from '@mnas/core/contracts'
import { checkDecoders } from '@mnas/images/decoding'
import { DetectionAgreement } from './agreement.js'
import type { DetectionDataset } from './batches/detection-dataset.js'
import { charts } from './charts/charts.js'
import { openAnnotatedData } from './data/open-annotated-data.js'
import { recogniseAnnotations } from './data/recognise-annotations.js'
import { deployedDetector } from './deployment/deployed-detector.js'
import { deploymentSchema } from './deployment/deployment-options.js'
import { answerOptionsSchema, describeOutput, formatOutput } from './describe-output.js'
import { draw } from './draw.js'
import { head } from './head/head.js'
import { DetectionMetrics } from './metrics.js'
import { detectionObjective } from './objective/detection-objective.js'
import { openExamples } from './open-examples.js'
import { optionsSchema } from './options.js'
import { inherit, otherFits, preprocessing } from './preprocessing.js'
import { proxies } from './proxies/proxies.js'
import { inputsIn, readInput } from './read-input.js'
import { recipes } from './recipes.js'
import { targetsOf } from './targets/targets-of.js'

/** Annotated photos: a folder, a .json of COCO, a data.yaml of YOLO or one of its lists. */
async function open(options: OpenOptions): Promise<DetectionDataset> {
  const data = await openPhotos(options)
  return openExamples(data, { ...options, folder: data.folder })
}

const openPhotos = ({ folder, signal, purpose, refuse }: OpenOptions) =>
  openAnnotatedData(folder, { ...(signal && { signal }), ...(purpose && { purpose }), ...(refuse && { refuse }) })

/** Object detection: which things are where in a picture? */
const detection: Task = {
  name: 'detection',
  options: optionsSchema,
  optionsFor: (dataset, base) => optionsSchema.parse({ ...base, classes: dataset.labels.length }),
  headlines: [
    { name: 'map50', label: 'mAP50', percent: true },
    { name: 'map', label: 'mAP', percent: true },
  ],
  recipes,
  proxies: proxies(openPhotos),
  head,
  deployment: deploymentSchema,
  deployed: deployedDetector,
  objective: (model, _options, loss) => detectionObjective(model, loss),
  targets: targetsOf,
  open,
  recognises: async (path) => (await recogniseAnnotations(path)) !== null,
  preprocessing,
  otherFits,
  inherit,
  readInput,
  inputsIn,
  answerOptions: answerOptionsSchema,
  describeOutput,
  formatOutput,
  draw,
  answers: 'regions',
  answersFormat: 'COCO results',
  metrics: (options, labels, targets) => new DetectionMetrics(options, labels, targets),
  agreement: (options, targets, on, postProcessing) => new DetectionAgreement(options, targets, on, postProcessing),
  charts,
  check: async () => [await checkDecoders()],
}

export default detection
export { detectionErrors } from './errors.js'
