import { Args, Flags } from '@oclif/core'
import type { DataCheckAnswer } from '../../answers/index.js'
import { classFoldersFlag, MnasCommand, settingFlags } from '../../cli/index.js'

/** Larger inputs that people choose, in pixels. */
const usualSizes = [96, 128, 160, 192, 224, 256, 288, 320, 384, 512, 640, 768, 1024] as const
const largerSizes = 2

export default class DataCheck extends MnasCommand {
  static override summary =
    'Look at data before a training: what it was taken for, what is in it, what was left out, and a picture.'
  static override description =
    `Opens the data as "mnas train" would, decodes nothing but the images of the picture, and writes nothing among the images.
Where boxes are to be found it also says how many of them no anchor of MODEL can find at --size, or only badly, and what larger inputs change.
Where too much of it is unusable for a training, that is said too, and is the exit status.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> photos',
    '<%= config.bin %> <%= command.id %> coco/annotations/instances.json --size 192 --out boxes.png',
    '<%= config.bin %> <%= command.id %> yolo/data.yaml --json',
  ]
  static override args = {
    data: Args.string({
      description: 'folder of images; or a .json of COCO, a data.yaml of YOLO or a list of images, for tasks that read them',
      required: true,
    }),
  }
  static override flags = {
    task: Flags.string({ summary: 'what is to be learned (default: what the data looks like)', helpValue: '<task>' }),
    model: Flags.string({
      summary: 'network that is to learn it: a bundle, a run, an architecture file or a name',
      default: 'mnasnet-a1',
      helpValue: '<model>',
    }),
    size: Flags.integer({ summary: 'side of its input in pixels', default: 320, min: 16, max: 2048, helpValue: '<px>' }),
    out: Flags.string({
      summary: 'PNG with 16 of the images as they are taught (default: <data>-check.png here, unless that lies among the images)',
      helpValue: '<file>',
    }),
    'class-folders': classFoldersFlag(),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<DataCheckAnswer> {
    const { args, flags } = await this.parse(DataCheck)
    const settings = await this.settings(flags)
    const [{ resolve }, { resolveModel }, { checkData, describeChecked, pictureBeside }] = await Promise.all([
      import('node:path'),
      import('../../bundle/index.js'),
      import('../../workflows/index.js'),
    ])
    const { architecture } = await resolveModel(await this.localModel(flags.model, settings))
    const { size, 'class-folders': classFolders } = flags
    const folder = resolve(args.data)
    const registry = await this.registry()
    const out = flags.out ?? (await pictureBeside(args.data, this.reporter))
    const checked = await this.interruptible((signal) =>
      checkData({
        registry,
        data: {
          folder,
          ...(classFolders && { classFolders }),
          ...{ cacheFolder: settings.cacheFolder, cacheLimitBytes: settings.cacheLimit, workers: 0 },
        },
        task: flags.task,
        architecture,
        sizes: [size, ...usualSizes.filter((larger) => larger > size).slice(0, largerSizes)],
        out,
        reporter: this.reporter,
        signal,
      }),
    )
    this.reporter.close()
    for (const line of describeChecked(checked)) this.log(line)
    if (checked.refused[0]) process.exitCode = checked.refused[0].exitCode
    if (checked.picture !== null) this.log(`\npicture: ${checked.picture}`)
    const { look, ...rest } = checked
    return { version: 1, data: args.data, ...rest, look: look?.facts ?? null }
  }
}
