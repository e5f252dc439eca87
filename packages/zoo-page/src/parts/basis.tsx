import type { Basis } from '../list/filters.js'

const meanings = {
  measured: 'measured by mnas, with the command that did it',
  attested: 'measured again by somebody else, who signed it',
  published: 'said by its source; mnas did not measure it',
} as const satisfies Readonly<Record<Basis, string>>

/** Who says a number: always beside it. */
export const BasisBadge = ({ basis }: { readonly basis: Basis }) => (
  <span class={`badge ${basis}`} title={meanings[basis]}>
    {basis}
  </span>
)

/** Of a latency that no device of that name took. */
export const EmulatedBadge = () => (
  <span class="badge emulated" title="timed in an emulator: it says little of the device's own time">
    emulated
  </span>
)
