import type { DeviceCompareAnswer } from '../answers/index.js'
import { type BenchmarkRequest, benchmarkModel } from './measure-model.js'

/** Times several models on one device, one after the other. @throws what `benchmarkModel` throws */
export async function compareModels(
  request: Omit<BenchmarkRequest, 'model'>,
  models: readonly string[],
): Promise<DeviceCompareAnswer['measurements']> {
  const measurements: DeviceCompareAnswer['measurements'][number][] = []
  for (const model of models) {
    const { version: _, ...measurement } = await benchmarkModel({ ...request, model })
    measurements.push(measurement)
  }
  return measurements
}
