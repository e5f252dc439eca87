import { MnasCommand } from '@mnas/core/cli'
import type { DeviceContext } from '@mnas/core/contracts'
import type { Interfaces } from '@oclif/core'
import type { EntryFinder, FinderOptions } from '../show/find-entry.js'
import type { Level } from '../verify/claim.js'
import type { Verification } from '../verify/verify-entry.js'
import type { Zoo } from '../zoos/zoo.js'
import type { verifyFlags } from './verify-flags.js'
import type { zooFlags } from './zoo-flags.js'

type FlagsOf<T> = Interfaces.InferredFlags<T>
/** What `zooFlags` gives. */
type ZooFlags = FlagsOf<ReturnType<typeof zooFlags>>
/** What `verifyFlags` gives. */
type VerifyFlags = FlagsOf<ReturnType<typeof verifyFlags>>

/** The base of commands that look into zoos: those of --zoo, else the family and all of the setting. */
export abstract class ZooCommand extends MnasCommand {
  /** All of them, open for as long as `use` takes. @throws MNAS_INTERRUPTED, MNAS_ZOO_LOCATION, and what `use` throws */
  protected async withZoos<T>(flags: ZooFlags, use: (zoos: readonly Zoo[]) => Promise<T>): Promise<T> {
    const { withZoos } = await import('../zoos/with-zoos.js')
    return this.#among(flags, ({ zoos, ...options }) => withZoos(zoos, options, use))
  }

  /** Finds entries; a zoo is opened when it is asked. @throws MNAS_INTERRUPTED, and what `use` throws */
  protected async withFinder<T>(flags: ZooFlags, use: (finder: EntryFinder) => Promise<T>): Promise<T> {
    const { entryFinder } = await import('../show/find-entry.js')
    return this.#among(flags, async (options) => {
      const finder = entryFinder(options)
      try {
        return await use(finder)
      } finally {
        await finder.close()
      }
    })
  }

  /**
   * Looks at the claims of an entry again.
   * @param use what follows, while Ctrl-C still ends it
   * @throws MNAS_INTERRUPTED, and what `verifyWish` and `use` throw
   */
  protected async verified<T>(
    entry: string,
    flags: VerifyFlags,
    levels: readonly Level[] | undefined,
    use: (verification: Verification, context: DeviceContext) => Promise<T>,
  ): Promise<T> {
    const { verifyWish } = await import('../verify/verify-wish.js')
    const { threads, data, 'class-folders': classFolders, device, zoo: zoos, offline, option: options, ...others } = flags
    // The threads are those of the device; without --device nothing is timed.
    const settings = await this.settings({ ...others, ...(device !== undefined && { device }) })
    const registry = await this.registry()
    const { reporter } = this
    return this.withDevices(settings, async (context) => {
      const verification = await verifyWish({
        ...{ registry, context, settings, reporter, argument: entry, zoos, offline, levels },
        data: data === undefined ? null : { folder: data, ...(classFolders && { classFolders }) },
        device: device === undefined ? null : { device: settings.device, options },
        deviceThreads: threads ?? null,
      })
      return use(verification, context)
    })
  }

  async #among<T>(flags: ZooFlags, use: (options: FinderOptions) => Promise<T>): Promise<T> {
    const { zooLocations } = await import('../zoos/zoo-locations.js')
    const { cacheFolder, zoos } = await this.settings(flags)
    const registry = await this.registry()
    const warn = (text: string) => this.reporter.warn(text)
    const locations = zooLocations(flags.zoo, zoos)
    return this.interruptible((signal) =>
      use({ registry, around: { cacheFolder, signal, warn }, zoos: locations, offline: flags.offline }),
    )
  }
}
