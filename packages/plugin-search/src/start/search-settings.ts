import type { JsonObject } from '@mnas/core/contracts'
import type { OpenProxy } from '../proxy/open-proxy.js'
import { rungSettings } from '../rungs/rung-settings.js'
import type { Materials } from './open-materials.js'
import type { SearchRequest } from './search-request.js'

/**
 * Everything that decides what a search finds, as run.json keeps it: a resume must ask for the same. Trials and time are not
 * among it, since a run may be given more of them; nor is where the images lie, since their fingerprint says which they are.
 */
export function searchSettings(request: SearchRequest, materials: Materials, device: string): JsonObject {
  const { task, proxy, width, data, space, engine, exporter, deviceInfo, deviceFlags, recipe, fidelity, objective, strategy } =
    materials
  const { strategyOptions } = materials
  const { name, version, sha256 } = deviceInfo.runtime
  return {
    task: { name: task.name, options: data.taskOptions },
    headline: { ...proxy.headline },
    data: data.fingerprint,
    size: request.size,
    targetMs: request.targetMs,
    ...(request.rangeMs && { latencyRangeMs: [...request.rangeMs] }),
    limits: { ...request.limits },
    width,
    space: space.name,
    strategy: strategy.name,
    ...(Object.keys(strategyOptions).length > 0 && { strategyOptions }),
    objective: objective.name,
    seed: request.seed,
    proxy: { ...fidelity, ...wayOf(proxy), ...(request.rungs && { rungs: rungSettings(request.rungs, materials.rungs) }) },
    // A recipe is JSON by its schema; fields that are undefined are left out.
    recipe: JSON.parse(JSON.stringify(recipe)) as JsonObject,
    engine: engine.name,
    exporter: {
      ...{ format: exporter.format, version: exporter.version },
      ...(request.precision !== 'float32' && { precision: request.precision }),
    },
    device: { name: device, fingerprint: deviceInfo.fingerprint, runtime: { name, version, sha256 }, flags: deviceFlags },
  }
}

/** How candidates are judged, where a task knows several ways. */
function wayOf({ name, task, data, backbones }: OpenProxy): JsonObject {
  if (name === null) return {}
  if (backbones) return { way: name, backbones: backbones.fingerprint }
  return { way: name, task: { name: task.name, options: data.taskOptions }, data: data.fingerprint }
}
