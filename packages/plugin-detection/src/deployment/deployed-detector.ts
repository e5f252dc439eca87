import type { DeployedModel, Graph, JsonObject } from '@mnas/core/contracts'
import { deployed } from '../head/head.js'
import { optionsSchema } from '../options.js'
import { anchorsOf, targetsOf } from '../targets/targets-of.js'
import { deployedSuppression, deploymentSchema } from './deployment-options.js'
import { postProcessing } from './post-processing.js'
import { workload } from './workload.js'

/** A detector as it is exported: what its graph gives, and the operator behind it unless the user wants none. */
export function deployedDetector(model: Graph, options: JsonObject, deployment: JsonObject = {}): DeployedModel {
  const { graph } = deployed(model)
  const said = deploymentSchema.parse(deployment)
  const { postprocess, ...rules } = said
  if (postprocess === 'none') return { graph, deployment: { postprocess } }
  const { anchors } = anchorsOf(targetsOf(model, options))
  const { classes } = optionsSchema.parse(options)
  const suppression = deployedSuppression(said)
  return {
    graph,
    workload,
    postProcessing: postProcessing({ anchors, classes }, suppression),
    deployment: { postprocess, ...rules, iou: suppression.overlapThreshold },
  }
}
