import { Command, Flags } from '@oclif/core'
import type { Settings } from '../config/index.js'
import type { DeviceContext } from '../contracts/index.js'
import type { MnasError } from '../errors/index.js'
import type { Reporter, ReporterKind } from '../events/index.js'
import { nonJsonNumber } from '../files/non-json-number.js'
import type { DeviceWish, OpenedDevice } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { missingPlugins } from './missing-plugins.js'

const progressKinds = ['tty', 'plain', 'jsonl', 'none'] as const

/**
 * The base of every command. A command is thin: flags in, one function of the domain called, a reporter out. `run()` returns the
 * answer, plain JSON of the type that its schema in `answers` gives, and prints it for people with `this.log`; oclif prints the
 * returned one with `--json`.
 * stdout holds nothing else; progress, notes and warnings go to stderr through `this.reporter`.
 */
export abstract class MnasCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = {
    json: Flags.boolean({
      summary: 'answer with JSON on stdout and nothing else, as docs/json.md describes it',
      helpGroup: 'GLOBAL',
    }),
    progress: Flags.option({
      options: progressKinds,
      summary: 'how progress is shown on stderr (default: by the terminal)',
      helpGroup: 'GLOBAL',
    })(),
  }

  #reporter: Reporter | undefined
  #registry: Registry | undefined

  /**
   * Prints to stderr. As `--progress` says, else MNAS_PROGRESS, else the configuration (once `settings()` has read it), else by the
   * terminal.
   */
  protected get reporter(): Reporter {
    if (!this.#reporter) throw new Error('the reporter is there from init() on')
    return this.#reporter
  }

  /** What the installed plug-ins contribute. @throws MNAS_PLUGIN_API, MNAS_PLUGIN_MANIFEST, MNAS_PLUGIN_DUPLICATE */
  protected async registry(): Promise<Registry> {
    const { createRegistry, discoverManifests } = await import('../plugins/index.js')
    this.#registry ??= createRegistry(discoverManifests(this.config.getPluginsList()), missingPlugins(this.config))
    return this.#registry
  }

  /** Defaults, configuration file, environment, and those of this command's flags that are named like a setting. @throws MNAS_CONFIG_… */
  protected async settings(flags: Readonly<Record<string, unknown>> = {}): Promise<Settings> {
    const { resolveSettings } = await import('../config/index.js')
    const { settings } = await resolveSettings(flags)
    if (progressArgument(this.argv) === undefined) await this.#report(settings.progress)
    return settings
  }

  /**
   * A MODEL as a path on this computer: what a plug-in knows where to find (`zoo:me/photos@1.2`) is brought here first. Such a model
   * lies in the cache and is only read.
   * @throws what its source throws, MNAS_INTERRUPTED
   */
  protected async localModel(argument: string, { cacheFolder, zoos }: Settings): Promise<string> {
    // Most arguments are names and paths, for which nothing has to be loaded.
    if (!/^[a-z][a-z0-9-]+:/.test(argument)) return argument
    const { localModel } = await import('../bundle/index.js')
    const registry = await this.registry()
    const warn = (text: string) => this.reporter.warn(text)
    return this.interruptible((signal) => localModel(argument, registry, zoos, { cacheFolder, signal, warn }))
  }

  /** What device drivers may use, for work that Ctrl-C may end. @throws MNAS_INTERRUPTED, and what `use` throws */
  protected async withDevices<T>({ cacheFolder }: Settings, use: (context: DeviceContext) => Promise<T>): Promise<T> {
    const { deviceContext } = await import('../measurement/index.js')
    const registry = await this.registry()
    const warn = (text: string) => this.reporter.warn(text)
    return this.interruptible((signal) => use(deviceContext(registry, { cacheFolder, signal, warn })))
  }

  /**
   * A device, opened for as long as `use` takes, which Ctrl-C may end.
   * @throws MNAS_NAME_UNKNOWN, MNAS_OPTION_UNKNOWN, MNAS_OPTION_VALUE, MNAS_DEVICE_UNREACHABLE, MNAS_INTERRUPTED, and what `use` throws
   */
  protected async withDevice<T>(
    settings: Settings,
    wish: DeviceWish,
    use: (opened: OpenedDevice, context: DeviceContext) => Promise<T>,
  ): Promise<T> {
    const { openDevice } = await import('../measurement/index.js')
    const registry = await this.registry()
    return this.withDevices(settings, async (context) => {
      const opened = await openDevice(registry, wish, context)
      try {
        return await use(opened, context)
      } finally {
        await opened.device.close()
      }
    })
  }

  /**
   * Work that Ctrl-C may end: the first one aborts the signal, the second kills.
   * @param resumeCommand what continues it, e.g. `mnas search --out runs/photos`
   * @throws MNAS_INTERRUPTED (exit 130)
   */
  protected async interruptible<T>(run: (signal: AbortSignal) => Promise<T>, resumeCommand?: string): Promise<T> {
    const { interruptible } = await import('../program/index.js')
    const onInterrupt = () => this.reporter.note('Stopping … (Ctrl-C again to stop at once)')
    return interruptible(run, { resume: resumeCommand, onInterrupt })
  }

  protected override async init(): Promise<void> {
    await this.#report(progressArgument(this.argv) ?? process.env['MNAS_PROGRESS'])
    await this.#warnOfVariables()
    await super.init()
  }

  /** A typo in the environment would change nothing, in silence. */
  async #warnOfVariables(): Promise<void> {
    if (!Object.keys(process.env).some((name) => /^mnas_/i.test(name))) return
    const [{ misspeltVariables }, { declaredVariables }] = await Promise.all([
      import('../config/misspelt-variables.js'),
      import('../plugins/declared-variables.js'),
    ])
    const known = declaredVariables(this.config.getPluginsList())
    for (const { name, meant } of misspeltVariables(process.env, known))
      this.reporter.warn(`${name} is set and nothing reads it. Did you mean ${meant}?`)
  }

  /** Warnings are seen with `--json` too: they go to stderr. */
  override warn(input: Error | string): Error | string {
    this.reporter.warn(typeof input === 'string' ? input : input.message)
    return input
  }

  /** With `--json` the error is the answer, and oclif would lose its exit code; else the program prints it (run-cli.ts). */
  protected override async catch(error: Error): Promise<void> {
    this.#reporter?.close()
    const { isExit, toCliError } = await import('../program/index.js')
    if (isExit(error)) throw error
    const known = toCliError(error, `${this.config.bin} ${(this.id ?? '').replaceAll(':', ' ')}`)
    if (!this.jsonEnabled()) throw known
    process.exitCode = known.exitCode
    // oclif would warn that nothing was parsed when it was parsing that failed.
    this.parsed = true
    this.logJson(this.toErrorJson(known))
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#reporter?.close()
    await super.finally(error)
  }

  /** @throws MNAS_INTERNAL for a number that JSON cannot hold: a program would read null */
  protected override toSuccessJson(answer: unknown): unknown {
    const found = nonJsonNumber(answer)
    if (found !== null) throw new Error(`JSON cannot hold ${found}`)
    return answer
  }

  /** What oclif prints without a theme, without taking the text apart token by token first: an answer may have a hundred thousand lines. */
  override logJson(answer: unknown): void {
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  }

  protected override toErrorJson(error: MnasError): { readonly version: 1; readonly error: object } {
    return { version: 1, error: error.toRecord() }
  }

  async #report(progress: string | undefined): Promise<void> {
    const { automaticReporterKind, createReporter } = await import('../events/index.js')
    this.#reporter?.close()
    this.#reporter = createReporter(reporterKindOf(progress) ?? automaticReporterKind())
  }
}

/** `--progress KIND` before the arguments are parsed: their errors are reported too. */
function progressArgument(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  const index = words.findLastIndex((word) => word === '--progress' || word.startsWith('--progress='))
  if (index === -1) return undefined
  return words[index]?.includes('=') ? words[index].slice('--progress='.length) : words[index + 1]
}

function reporterKindOf(progress: string | undefined): ReporterKind | undefined {
  switch (progress) {
    case 'tty':
    case 'plain':
    case 'jsonl':
      return progress
    case 'none':
      return 'silent'
    default:
      return undefined
  }
}
