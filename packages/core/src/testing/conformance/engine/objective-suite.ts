import type { TrainingEngine } from '../../../contracts/index.js'
import { scoredObjective, ungradableObjective } from '../../networks/objectives.js'
import { classes, perceptron } from '../../networks/small-networks.js'
import { type ConformanceCase, checkRejects } from '../check.js'
import { checkGradients, checkOutputs, engineGradients, referenceGradients, withTraining } from './training.js'

/** Where gradients flow and where they do not; hard-negative mining itself is one of the small networks. */
export function objectiveSuite(engine: TrainingEngine): readonly ConformanceCase[] {
  return [
    { name: 'ops without a gradient off the path to the loss are forward only', run: () => checkForwardOnly(engine) },
    { name: 'a loss behind an op without a gradient is refused', run: () => checkRefused(engine) },
  ]
}

async function checkForwardOnly(engine: TrainingEngine): Promise<void> {
  const network = { ...perceptron(0), objective: scoredObjective(classes) }
  await withTraining(engine, network, {}, async (session) => {
    const { outputs, gradients } = await engineGradients(session, network)
    checkOutputs(outputs, network, 1e-5)
    checkGradients(gradients, referenceGradients(network), 1e-3)
  })
}

async function checkRefused(engine: TrainingEngine): Promise<void> {
  const network = { ...perceptron(0), objective: ungradableObjective(classes) }
  const compile = () => withTraining(engine, network, {}, async () => undefined)
  await checkRejects(compile, 'MNAS_ENGINE_NO_GRADIENT', 'compiling a loss that reaches the parameters only through rank')
}
