import { Flags } from '@oclif/core'
import type { DeployAnswer } from '../answers/index.js'
import {
  classFoldersFlag,
  dataFlag,
  deviceOptionsFlag,
  exportOptionsFlag,
  MnasCommand,
  modelArgument,
  outFlag,
  randomWeightsFlag,
  settingFlags,
  sizeFlag,
} from '../cli/index.js'

export default class Deploy extends MnasCommand {
  static override summary = 'Turn a model into a file for a device, time it there and check it.'
  static override description =
    "Writes the file (into the bundle's exports/ or --out), measures its latency, and runs it beside the training engine on validation " +
    'images: --data, else those that `train` recorded beside the bundle, else synthetic ones, which check arithmetic alone. ' +
    'What was found stays beside the file, in FILE.json.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> models/photos --device host',
    '<%= config.bin %> <%= command.id %> models/photos --data ./photos --images 200 --json',
    '<%= config.bin %> <%= command.id %> mnasnet-a1 --device host --random-weights --out exports',
  ]
  static override args = { model: modelArgument({ required: true }) }
  static override flags = {
    'random-weights': randomWeightsFlag(),
    data: dataFlag({ summary: 'folder of images to check the file on' }),
    'class-folders': classFoldersFlag(),
    out: outFlag(),
    size: sizeFlag(),
    images: Flags.integer({ summary: 'check on at most so many validation images', helpValue: '<n>', default: 1000, min: 1 }),
    option: deviceOptionsFlag(),
    'export-option': exportOptionsFlag(),
    ...settingFlags('device', 'engine', 'threads', 'workers', 'cacheFolder', 'cacheLimit'),
  }

  async run(): Promise<DeployAnswer> {
    const { args, flags } = await this.parse(Deploy)
    const { parsePairs } = await import('../config/index.js')
    const { fullBenchmark } = await import('../measurement/index.js')
    const { deployModel } = await import('../deployment/index.js')
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const { reporter } = this
    const { size, out, data, 'class-folders': classFolders } = flags
    const wish = { device: settings.device, options: flags.option }
    return this.withDevice(settings, wish, async ({ device, flags: told }, context) => {
      const { report, summary } = await deployModel({
        registry,
        context,
        device,
        model: args.model,
        randomWeights: flags['random-weights'],
        images: flags.images,
        exportOptions: parsePairs(flags['export-option']),
        options: { ...fullBenchmark, flags: told },
        engine: settings.engine,
        threads: settings.threads,
        workers: settings.workers,
        cacheLimitBytes: settings.cacheLimit,
        mnasVersion: this.config.version,
        reporter,
        ...(size !== undefined && { size }),
        ...(out !== undefined && { out }),
        ...(data !== undefined && { data: { folder: data, ...(classFolders && { classFolders }) } }),
      })
      reporter.close()
      await this.#print(report, summary)
      return report
    })
  }

  async #print(report: DeployAnswer, summary: string): Promise<void> {
    const { formatLatency } = await import('../measurement/index.js')
    const { parameters, macs, device, emulated } = report
    for (const { file, sizeBytes, runtime, ...latency } of report.files) {
      this.log(`${file}${report.randomWeights ? ' (random weights)' : ''}`)
      this.log(`size       ${(sizeBytes / 1e6).toFixed(2)} MB, ${parameters} parameters, ${(macs / 1e6).toFixed(1)} M MACs`)
      this.log(`latency    ${formatLatency(latency, emulated)} on ${device}, ${runtime.name} ${runtime.version}`)
      this.log(`agreement  ${agreementText(report, summary)}`)
    }
  }
}

function agreementText({ verifiedOn, images }: DeployAnswer, summary: string): string {
  switch (verifiedOn) {
    case 'photos':
      return `${summary} on ${images} images`
    case 'synthetic':
      return `${summary} on ${images} synthetic inputs (give --data to compare what both say of photos)`
    case 'nothing':
      return 'not checked: nothing here runs this format'
    default:
      return verifiedOn satisfies never
  }
}
