import type { DeployedModel, Graph, JsonObject, Task } from '../contracts/index.js'
import { deploymentErrors } from './errors.js'
import { parseOptions } from './parse-options.js'

/**
 * What a task deploys of a training graph.
 * @param wish what the user says of how answers are made; the rest is the task's own
 * @throws MNAS_DEPLOY_OPTION
 */
export function deployedModel(task: Task, model: Graph, options: JsonObject, wish: JsonObject): DeployedModel {
  return task.deployed(model, options, parseDeployment(task, wish))
}

function parseDeployment({ name, deployment }: Pick<Task, 'name' | 'deployment'>, wish: JsonObject): JsonObject {
  return parseOptions(deployment, wish, (wrong, cause) => deploymentErrors.MNAS_DEPLOY_OPTION({ task: name, ...wrong }, cause))
}
