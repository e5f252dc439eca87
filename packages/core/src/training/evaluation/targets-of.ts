import type { Graph, JsonObject, Task } from '../../contracts/index.js'

/** What the data workers must know of a graph to make its targets: BatchPlan.targets. */
export function targetsOf(task: Pick<Task, 'targets'>, model: Graph, options: JsonObject): JsonObject {
  return task.targets?.(model, options) ?? {}
}
