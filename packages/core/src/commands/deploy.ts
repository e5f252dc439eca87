import { Flags } from '@oclif/core'
import type { DeployAnswer } from '../answers/index.js'
import {
  classFoldersFlag,
  dataFlag,
  deploymentFlags,
  deploymentOptions,
  deviceOptionsFlag,
  exportOptionsFlag,
  fractionFlag,
  MnasCommand,
  modelArgument,
  outFlag,
  randomWeightsFlag,
  settingFlags,
  sizeFlag,
} from '../cli/index.js'
import type { Deployed } from '../deployment/index.js'

export default class Deploy extends MnasCommand {
  static override summary = 'Turn a model into a file for a device, time it there and check it.'
  static override description =
    "Writes the file (into the bundle's exports/ or --out), measures its latency, and runs it beside the training engine on validation " +
    'images: --data, else those that `train` recorded beside the bundle, else synthetic ones, which check arithmetic alone. ' +
    '--quantize writes several files side by side and compares all of them on the same images. What was found stays beside each file, in ' +
    'FILE.json.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> models/photos --device host',
    '<%= config.bin %> <%= command.id %> models/photos --quantize none,weights,int8',
    '<%= config.bin %> <%= command.id %> models/photos --data ./photos --images 200 --json',
    '<%= config.bin %> <%= command.id %> models/photos --quantize int8 --io uint8 --max-drop .01 --min-agreement .95',
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
    quantize: Flags.string({
      summary: 'how the file keeps its numbers: none, float16, weights, dynamic, int8; several with commas',
      description:
        'float16: half the size. weights: a quarter, float32 speed. dynamic: a little over a quarter, layers compute in 8 bits. ' +
        'int8: a quarter and the fastest, calibrated on training images. docs/quantization.md says when to take which.',
      helpValue: '<precision>[,…]',
    }),
    io: Flags.option({
      summary: 'types of the inputs and outputs of an int8 file',
      options: ['float', 'uint8', 'int8'] as const,
    })(),
    'dense-per-channel': Flags.boolean({ summary: 'give the dense layers of an int8 file a scale per output' }),
    'calibration-images': Flags.integer({
      summary: 'find ranges and corrections on so many training images, drawn across the classes',
      helpValue: '<n>',
      default: 200,
      min: 1,
      max: 2000,
    }),
    seed: Flags.integer({ summary: 'of the draw of calibration images', default: 0, min: 0 }),
    'max-drop': fractionFlag({ summary: "end with 8 when a file loses more of the task's first metric (default: 0.02)" }),
    'min-agreement': fractionFlag({ summary: 'end with 8 when a file says the same as the model on fewer of the images' }),
    layers: Flags.boolean({
      summary: 'name the layers that change the answers of an int8 file most, where it answers otherwise on more than 5 %',
      default: true,
      allowNo: true,
    }),
    ...deploymentFlags(),
    option: deviceOptionsFlag(),
    'export-option': exportOptionsFlag(),
    ...settingFlags('device', 'engine', 'threads', 'workers', 'cacheFolder', 'cacheLimit'),
  }

  async run(): Promise<DeployAnswer> {
    const { args, flags } = await this.parse(Deploy)
    const { parsePairs } = await import('../config/index.js')
    const { fullBenchmark } = await import('../measurement/index.js')
    const { deployModel } = await import('../deployment/index.js')
    const { parsePrecisions } = await import('../deployment/index.js')
    const precisions = parsePrecisions(flags.quantize)
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const { reporter } = this
    const model = await this.localModel(args.model, settings)
    // One out of the cache stays as it is.
    const out = flags.out ?? (model === args.model ? undefined : 'exports')
    const { size, data, 'class-folders': classFolders, io, 'dense-per-channel': densePerChannel } = flags
    const { 'max-drop': maxDrop, 'min-agreement': minAgreement } = flags
    this.#warnOfReaders(flags)
    const wish = { device: settings.device, options: flags.option }
    return this.withDevice(settings, wish, async ({ device, flags: told }, context) => {
      const deployed = await deployModel({
        registry,
        context,
        device,
        model,
        randomWeights: flags['random-weights'],
        images: flags.images,
        precisions,
        layers: flags.layers,
        calibration: { images: flags['calibration-images'], seed: flags.seed },
        limits: { ...(maxDrop !== undefined && { maxDrop }), ...(minAgreement !== undefined && { minAgreement }) },
        exportOptions: {
          ...parsePairs(flags['export-option']),
          ...(io && { io }),
          ...(densePerChannel && { densePerChannel }),
        },
        deployment: deploymentOptions(flags),
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
      await this.#print(deployed, flags.quantize === undefined)
      if (deployed.failure) throw deployed.failure
      return deployed.report
    })
  }

  #warnOfReaders({ io, 'dense-per-channel': densePerChannel }: { io: string | undefined; 'dense-per-channel': boolean }): void {
    if (io === 'int8')
      this.reporter.warn('MediaPipe and ML Kit refuse a file that takes and gives int8: they read --io uint8 and float files')
    if (densePerChannel)
      this.reporter.warn('TFLite up to 2.9 gives wrong answers for a dense layer with a scale per output, and does not say so')
  }

  async #print(deployed: Deployed, hint: boolean): Promise<void> {
    const { describeDeployed } = await import('../deployment/index.js')
    for (const line of describeDeployed(deployed)) this.log(line)
    if (hint && deployed.report.files.every(({ precision }) => precision === 'float32'))
      this.log('smaller    --quantize float16, weights, dynamic or int8 (several with commas: docs/quantization.md)')
  }
}
