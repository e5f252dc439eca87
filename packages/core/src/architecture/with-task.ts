import type { JsonObject } from '../contracts/index.js'
import type { Architecture } from './architecture.js'
import { parseArchitecture } from './parse-architecture.js'

/** The same blocks for another task or other options: the network for one's own classes. The task validates the options. */
export function withTask(architecture: Architecture, name: string, options: JsonObject): Architecture {
  return parseArchitecture({ ...architecture, task: { name, options } }, `"${architecture.name}" for the task "${name}"`)
}

/** The blocks for another task with that task's own defaults, or as they are when it is theirs or none was named. */
export function forTask(architecture: Architecture, name: string | undefined): Architecture {
  return name === undefined || name === architecture.task.name ? architecture : withTask(architecture, name, {})
}
