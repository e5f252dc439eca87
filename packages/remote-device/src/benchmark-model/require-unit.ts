import { remoteErrors } from '../errors.js'
import type { DelegateUse } from './benchmark-report.js'
import type { Unit } from './tool-arguments.js'

/**
 * A time of the CPU under the name of another unit would be worse than none.
 * @param mustTell whether the tool says of each delegate what it took: the classic one does, LiteRT's ends with an error instead
 * @throws MNAS_REMOTE_DELEGATE
 */
export function requireUnit(device: string, unit: Unit, uses: readonly DelegateUse[], mustTell: boolean): void {
  if (unit === 'cpu') return
  const own = uses.filter(({ name }) => name.toLowerCase().includes(unit))
  const short = own.find(({ extent }) => extent !== 'whole')
  if (!short && (own.length > 0 || !mustTell)) return
  throw remoteErrors.MNAS_REMOTE_DELEGATE({
    device,
    asked: unit,
    ran: short?.extent === 'partial' ? 'a part there' : 'nothing there',
  })
}
