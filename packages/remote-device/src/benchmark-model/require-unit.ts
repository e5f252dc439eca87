import { remoteErrors } from '../errors.js'
import type { DelegateUse, Dialect } from './benchmark-report.js'
import { type Unit, unitsOf } from './tool-arguments.js'

/** Before anything runs. @throws MNAS_REMOTE_DELEGATE for a unit of which the tool knows nothing */
export function requireKnownUnit(device: string, unit: Unit, dialect: Dialect): void {
  const known = unitsOf[dialect]
  if (known.includes(unit)) return
  const ran = `a benchmark_model (${dialect}) that knows ${known.join(', ')} alone`
  throw remoteErrors.MNAS_REMOTE_DELEGATE({ device, asked: unit, ran })
}

/**
 * A time of the CPU under the name of another unit would be worse than none.
 * @param mustTell whether the tool has to say what each delegate took: the classic one does; LiteRT's ends with an error instead,
 *   where it knows the flag that asks for it
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
