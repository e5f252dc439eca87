import type { DeviceCompareAnswer } from '../answers/index.js'
import { type BenchmarkRequest, measureModel } from './measure-model.js'

/** Times several models on one device, one after the other. @throws what `measureModel` throws */
export async function compareModels(
  request: Omit<BenchmarkRequest, 'model'>,
  models: readonly string[],
): Promise<DeviceCompareAnswer['measurements']> {
  const measurements: DeviceCompareAnswer['measurements'][number][] = []
  for (const model of models) {
    measurements.push(await measureModel({ ...request, model }))
  }
  return measurements
}
