import type { JsonObject } from '@mnas/core/contracts'
import type { RungRequest } from '../start/search-request.js'
import type { TrainedRungs } from './rungs.js'

/** As run.json keeps them; the top rung is what it says of the proxy. */
export function rungSettings({ policy, eta }: RungRequest, rungs: TrainedRungs | null): JsonObject {
  const lower = (rungs?.trainings ?? []).slice(0, -1).map(({ fidelity }) => ({ ...fidelity }))
  return { policy, eta, lower }
}
