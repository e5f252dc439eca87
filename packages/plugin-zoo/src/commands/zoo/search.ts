import { durationFlag } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooSearchAnswer } from '../../answers/index.js'
import { ZooCommand } from '../../cli/zoo-command.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooSearch extends ZooCommand {
  static override summary = 'Find models by what was measured of them.'
  static override description =
    `Numbers that were measured, attested by others or published elsewhere are never mixed: each stands with its basis, and one row holds one of them
unless --mixed says otherwise. Latencies are those of the device that was asked for, measured, never estimated. Fields of --where: the metrics (top1,
…), ms, sizeBytes, parameters, multiplyAdds, inputSize, classes, images, threads, and the texts name, release, task, architecture, licence, device,
dataset, precision, basis, accelerator, in which * stands for anything.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --task classification --device pixel-8 --max-latency 10ms --licence mit,apache-2.0 --sort top1',
    '<%= config.bin %> <%= command.id %> "me/*" --where "top1>=0.8 && sizeBytes<2MB"',
    '<%= config.bin %> <%= command.id %> --like pixel-8',
  ]
  static override args = { name: Args.string({ description: 'names, e.g. "me/*" (default: all)' }) }
  static override flags = {
    task: Flags.string({ summary: 'what the model does, e.g. classification', helpValue: '<task>' }),
    device: Flags.string({
      summary: 'only models measured on it: name or chip, e.g. pixel-8 or "pixel*"',
      helpValue: '<device>',
    }),
    'max-latency': durationFlag({ summary: 'at most so long on that device' }),
    licence: Flags.string({ summary: 'only under these, several with commas', helpValue: '<spdx,…>', aliases: ['license'] }),
    where: Flags.string({ summary: 'a condition, e.g. "top1>=0.8 && sizeBytes<2MB"', helpValue: '<condition>' }),
    sort: Flags.string({ summary: 'metric or field, perhaps with :asc or :desc (default: name)', helpValue: '<field>' }),
    like: Flags.string({
      summary: 'list devices that were measured and are like this one, instead of models',
      helpValue: '<device>',
      exclusive: ['device', 'max-latency', 'where', 'sort'],
    }),
    mixed: Flags.boolean({ summary: 'let a row hold an accuracy and a latency of different bases' }),
    emulated: Flags.boolean({ summary: 'latencies of emulators too' }),
    all: Flags.boolean({ summary: 'every release, not only the newest of each model' }),
    limit: Flags.integer({ summary: 'rows that are shown', default: 20, min: 1, max: 100_000 }),
    ...zooFlags(),
  }

  async run(): Promise<ZooSearchAnswer> {
    const { args, flags } = await this.parse(ZooSearch)
    // Here a device is one that somebody measured, by a pattern: not the one of the settings.
    const { device, ...own } = flags
    const [{ releasesOf, search }, { devicesLike, measuredDevices }, { describeDevices, describeSearch }] = await Promise.all([
      import('../../search/search-zoos.js'),
      import('../../search/device-names.js'),
      import('../../search/describe-search.js'),
    ])
    const releases = await this.withZoos(own, (zoos) => releasesOf(zoos, flags.all))
    this.reporter.close()
    const entries = releases.map(({ entry }) => entry)
    if (flags.like !== undefined) {
      const devices = devicesLike(flags.like, entries)
      for (const line of devices.length > 0 ? describeDevices(devices) : ['No such device was measured.']) this.log(line)
      return { version: 1, found: 0, rows: [], devices: [...devices] }
    }
    const { task, licence, where, sort, mixed, emulated, all } = flags
    const found = search(releases, {
      ...{ name: args.name ?? null, task: task ?? null, device: device ?? null, where: where ?? null, sort: sort ?? null },
      ...{ maxLatencyMs: flags['max-latency'] ?? null, mixed, emulated, all },
      licences: licence?.split(',').map((name) => name.trim()) ?? null,
    })
    const devices = found.rows.length > 0 || device === undefined ? [] : measuredDevices(entries)
    for (const line of describeSearch(found, flags.limit, devices)) this.log(line)
    return { version: 1, found: found.rows.length, rows: found.rows.slice(0, flags.limit), devices: [...devices] }
  }
}
