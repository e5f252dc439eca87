import { Flags } from '@oclif/core'
import type { ExportAnswer } from '../answers/index.js'
import {
  deploymentFlags,
  deploymentOptions,
  exportOptionsFlag,
  MnasCommand,
  modelArgument,
  outFlag,
  randomWeightsFlag,
  sizeFlag,
} from '../cli/index.js'

export default class Export extends MnasCommand {
  static override summary = 'Write a model in a file format, without a device.'
  static override description =
    "Writes NAME-SIZEpx.FORMAT into the bundle's exports/ or --out, and beside it NAME-SIZEpx.FORMAT.json with what is known of it: `tflite` is " +
    'one file, `tfjs` a folder that TensorFlow.js loads (tf.loadGraphModel). `mnas deploy` also times the file on a device and checks it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> models/photos --format tfjs',
    '<%= config.bin %> <%= command.id %> models/photos --format tflite --size 160 --out files --json',
    '<%= config.bin %> <%= command.id %> mnasnet-a1 --format tfjs --random-weights',
  ]
  static override args = { model: modelArgument({ required: true }) }
  static override flags = {
    format: Flags.string({ summary: 'file format: tflite, tfjs, or what a plug-in adds', helpValue: '<format>', required: true }),
    'random-weights': randomWeightsFlag(),
    out: outFlag(),
    size: sizeFlag(),
    ...deploymentFlags(),
    'export-option': exportOptionsFlag(),
  }

  async run(): Promise<ExportAnswer> {
    const { args, flags } = await this.parse(Export)
    const { exportModel, exportsFolderOf, loadModel, recordFile, ...deploying } = await import('../deployment/index.js')
    const { deploymentOf, requireOutsideImages, writeExportsReadme } = deploying
    const { parsePairs } = await import('../config/index.js')
    const { readDataPlace } = await import('../bundle/index.js')
    const settings = await this.settings()
    const { cacheFolder } = settings
    const registry = await this.registry()
    const exporter = await registry.get('exporter', flags.format)
    const size = flags.size === undefined ? {} : { size: flags.size }
    const deployment = deploymentOptions(flags)
    const argument = await this.localModel(args.model, settings)
    const model = await loadModel(registry, { argument, randomWeights: flags['random-weights'], deployment, ...size })
    const images = model.folder === null ? null : await readDataPlace(model.folder)
    // One out of the cache stays as it is.
    const out = flags.out ?? (argument === args.model ? undefined : 'exports')
    await requireOutsideImages(out, images?.folder ?? null)
    const folder = out ?? exportsFolderOf(model)
    const file = await exportModel(exporter, model, { folder, options: parsePairs(flags['export-option']) })
    await recordFile({ file, model, exporter, mnasVersion: this.config.version, cacheFolder })
    await writeExportsReadme(folder, registry, cacheFolder)
    const { path, format, precision, sizeBytes, sha256 } = file
    const { parameters, macs } = model.costs
    this.log(`${path}: ${(sizeBytes / 1e6).toFixed(2)} MB${model.trained ? '' : ' (random weights)'}`)
    const made = deploymentOf(exporter, model)
    if (made) this.log(`answers: ${(await import('../text/index.js')).settingsInWords(made)}`)
    return {
      version: 1,
      file: path,
      format,
      precision,
      sizeBytes,
      sha256,
      inputSize: model.architecture.input.size,
      parameters,
      macs,
      randomWeights: !model.trained,
      ...(made && { deployment: made }),
    }
  }
}
