import type { JsonObject } from '@mnas/core/contracts'
import { fastestCores, maskOfList } from '../policy/core-mask.js'
import type { RemoteShell, RunLimits } from '../shell/remote-shell.js'
import { runSealed } from '../shell/run-sealed.js'

/** What a device says of its cores. */
export interface SaidCores {
  /** kHz by core. */
  readonly frequencies: ReadonlyMap<number, number>
  /** Another one after each start; empty: it does not say. */
  readonly boot: string
}

export interface FoundCores {
  /** As `RemoteIdentity.fastestCores`. */
  readonly fastestCores: readonly string[]
  /**
   * Part of the device's traits. Empty where it lets us choose all that its frequencies promise, which are traits already; else it times on other
   * cores than its like.
   */
  readonly traits: JsonObject
}

/** Which of a device's fastest cores it lets us choose. */
export class ChoosableCores {
  /** Of the last start. */
  #known: { readonly boot: string; readonly masks: readonly string[] } | undefined

  /** Asks, once after each start, processes that were begun on them. @throws as runSealed */
  async find({ frequencies, boot }: SaidCores, shell: RemoteShell, limits: RunLimits): Promise<FoundCores> {
    const promised = fastestCores(frequencies)
    if (promised.length === 0) return { fastestCores: promised, traits: {} }
    if (this.#known?.boot !== boot || boot === '') this.#known = { boot, masks: await choosable(promised, shell, limits) }
    const { masks } = this.#known
    return { fastestCores: masks, traits: masks.length < promised.length ? { choosableCores: [...masks] } : {} }
  }
}

/** Where `taskset` is missing, or the process was kept off some of the cores, the mask is not what we take it for. */
async function choosable(masks: readonly string[], shell: RemoteShell, limits: RunLimits): Promise<readonly string[]> {
  const line = masks.map((mask) => `echo "${mask} $(taskset ${mask} grep Cpus_allowed_list /proc/self/status)"`).join('; ')
  const { stdout } = await runSealed(shell, line, limits)
  const said = new Map(stdout.split(/\r?\n/).map((each) => [each.split(' ')[0], maskOfList(each.split(':')[1] ?? '')] as const))
  return masks.filter((mask) => said.get(mask) === mask)
}
