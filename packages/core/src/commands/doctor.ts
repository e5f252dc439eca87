import type { DoctorAnswer } from '../answers/index.js'
import { MnasCommand, missingPlugins } from '../cli/index.js'

const marks = { ok: '✓', hint: '!', failed: '✗' } as const

export default class Doctor extends MnasCommand {
  static override summary = 'Check this installation: Node, plug-ins, engine, runtimes, cache and disk.'
  static override description =
    `Each line is one check: ✓ works, ! works but could be better, ✗ does not work, with what to do about it.
Exit status: 0 without ✗, 4 when a plug-in does not load, else 1.`
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<DoctorAnswer> {
    await this.parse(Doctor)
    const { examine } = await import('../doctor/index.js')
    const checks = await this.interruptible((signal) =>
      examine({
        plugins: this.config.getPluginsList(),
        missing: missingPlugins(this.config),
        nodeRange: this.config.pjson.engines?.node,
        signal,
        warn: (text) => this.reporter.warn(text),
      }),
    )
    for (const { status, name, detail, fix } of checks)
      this.log(`${marks[status]} ${name}: ${detail}${fix ? `\n    → ${fix}` : ''}`)
    const failed = checks.filter(({ status }) => status === 'failed')
    this.log(
      failed.length === 0 ? '\nEverything that mnas needs works.' : `\n${failed.length} of ${checks.length} checks failed.`,
    )
    if (failed.length > 0) process.exitCode = failed.some(({ plugin }) => plugin) ? 4 : 1
    return {
      version: 1,
      ok: failed.length === 0,
      checks: checks.map(({ name, status, detail, fix }) => ({ name, status, detail, fix: fix ?? null })),
    }
  }
}
