import type { DoctorAnswer } from '../answers/index.js'
import { MnasCommand, missingPlugins } from '../cli/index.js'

export default class Doctor extends MnasCommand {
  static override summary = 'Check this installation: Node, plug-ins, engine, runtimes, cache and disk.'
  static override description =
    `Each line is one check: ✓ works, ! works but could be better, ✗ does not work, with what to do about it.
Exit status: 0 without ✗, 4 when a plug-in does not load, else 1.`
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<DoctorAnswer> {
    await this.parse(Doctor)
    const { doctorAnswerOf, examine, formatChecks } = await import('../doctor/index.js')
    const checks = await this.interruptible((signal) =>
      examine({
        plugins: this.config.getPluginsList(),
        missing: missingPlugins(this.config),
        nodeRange: this.config.pjson.engines?.node,
        signal,
        warn: (text) => this.reporter.warn(text),
      }),
    )
    for (const line of formatChecks(checks, 'Everything that mnas needs works.')) this.log(line)
    const failed = checks.filter(({ status }) => status === 'failed')
    if (failed.length > 0) process.exitCode = failed.some(({ plugin }) => plugin) ? 4 : 1
    return doctorAnswerOf(checks)
  }
}
