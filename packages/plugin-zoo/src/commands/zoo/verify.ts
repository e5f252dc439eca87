import { classFoldersFlag, dataFlag, deviceOptionsFlag, MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooVerifyAnswer } from '../../answers/index.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooVerify extends MnasCommand {
  static override summary = 'Look at every claim of an entry again, on this computer.'
  static override description =
    'files: hashes, signature, and what the weights and exports are made of; nothing is run that is not what the entry says. outputs: the golden ' +
    'answers, through the weights and every export in its own runtime. accuracy: right answers on --data; counted against the claim on the very ' +
    'images of it, told on others. latency: on --device; compared where device, runtime and options are those of the claim. ' +
    'Ends with 0 when all that can be compared holds, else with 13 (signature), 9 (files), 10 (outputs), 11 (accuracy) or 12 (latency), the first of these.'
  static override examples = [
    '<%= config.bin %> zoo verify me/photos@1.2 --zoo ./zoo',
    '<%= config.bin %> zoo verify me/photos --data ./photos --device host',
    '<%= config.bin %> zoo verify ./entry --level files --json',
  ]
  static override args = {
    entry: Args.string({ required: true, description: 'OWNER/NAME[@RELEASE], or a folder with entry.json' }),
  }
  static override flags = {
    level: Flags.option({
      summary: 'only these, besides files (default: all)',
      options: ['files', 'outputs', 'accuracy', 'latency'] as const,
      multiple: true,
    })(),
    data: dataFlag({ summary: 'folder of images to count right answers on' }),
    'class-folders': classFoldersFlag(),
    threads: Flags.integer({ summary: 'threads of the runtime on the device (default: as each was claimed)', min: 1, max: 64 }),
    option: deviceOptionsFlag(),
    ...zooFlags(),
    ...settingFlags('device', 'engine', 'workers', 'cacheLimit'),
  }

  async run(): Promise<ZooVerifyAnswer> {
    const { args, flags } = await this.parse(ZooVerify)
    const { verifyWish } = await import('../../verify/verify-wish.js')
    const { describeVerification, verifyAnswerOf } = await import('../../verify/describe-verification.js')
    const { threads, data, 'class-folders': classFolders, device, level, zoo: zoos, offline, option: options, ...others } = flags
    const settings = await this.settings({ ...others, ...(device !== undefined && { device }) })
    const registry = await this.registry()
    const { reporter } = this
    const verification = await this.withDevices(settings, (context) =>
      verifyWish({
        ...{ registry, context, settings, reporter, argument: args.entry, zoos, offline, levels: level },
        data: data === undefined ? null : { folder: data, ...(classFolders && { classFolders }) },
        device: device === undefined ? null : { device: settings.device, options },
        deviceThreads: threads ?? null,
      }),
    )
    this.reporter.close()
    for (const line of describeVerification(verification)) this.log(line)
    const { failure } = verification
    if (failure && !this.jsonEnabled()) throw failure
    if (failure) process.exitCode = failure.exitCode
    return verifyAnswerOf(verification)
  }
}
