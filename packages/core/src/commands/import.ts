import { Args, Flags } from '@oclif/core'
import type { ImportAnswer } from '../answers/index.js'
import { MnasCommand, outFlag } from '../cli/index.js'

export default class Import extends MnasCommand {
  static override summary = "Make a bundle of weights that timm's or torchvision's model code wrote."
  static override description =
    `FILE is a state dictionary as safetensors (in Python: safetensors.torch.save_file(model.state_dict(), FILE)), in single, half or double
precision, with or without the prefixes of wrappers (module., _orig_mod., model.).
MnasNet and MobileNetV2 of any width: timm's semnasnet_* (mnasnet-a1), mnasnet_* (mnasnet-b1), mnasnet_small and mobilenetv2_*, torchvision's
mnasnet* (mnasnet-b1) and mobilenet_v2. The architecture is found by the shapes of the tensors and keeps PyTorch's padding and batch-norm epsilon;
images are read with ImageNet's mean and deviation. Every tensor must be used and every parameter filled.`
  static override examples = [
    '<%= config.bin %> import semnasnet_100.safetensors --from timm',
    '<%= config.bin %> import mobilenet_v2.safetensors --from torchvision --labels synsets.txt --crop-fraction 0.9655',
    '<%= config.bin %> train --init models/semnasnet_100 --data photos',
  ]
  static override args = { file: Args.string({ description: 'weights as safetensors', required: true }) }
  static override flags = {
    from: Flags.option({
      options: ['timm', 'torchvision'] as const,
      summary: 'whose names the tensors have',
      required: true,
    })(),
    arch: Flags.string({
      summary: 'architecture, as a name or a file (default: found by the shapes of the tensors)',
      helpValue: '<arch>',
    }),
    out: outFlag({ summary: "the bundle's folder (default: models/<name of the file>)" }),
    labels: Flags.string({ summary: 'names of the classes, one per line (default: their indices)', helpValue: '<file>' }),
    'crop-fraction': Flags.custom<number>({
      summary: "evaluation crop divided by the resized short side: 224/256, or 232 for torchvision's newer weights",
      helpValue: '<x>',
      default: 0.875,
      parse: async (text) => {
        const fraction = Number(text)
        if (fraction > 0 && fraction <= 1) return fraction
        const { importErrors } = await import('../import/index.js')
        throw importErrors.MNAS_IMPORT_CROP({ received: text })
      },
    })(),
  }

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(Import)
    const [{ basename, join, resolve }, { importModel }, { costsOf, lower }] = await Promise.all([
      import('node:path'),
      import('../import/index.js'),
      import('../graph/index.js'),
    ])
    const out = flags.out ?? join('models', basename(args.file).replace(/\.safetensors$/, ''))
    const registry = await this.registry()
    const { architecture, labels } = await importModel({
      registry,
      file: args.file,
      from: flags.from,
      out: resolve(out),
      cropFraction: flags['crop-fraction'],
      mnasVersion: this.config.version,
      note: (message) => this.reporter.note(message),
      ...(flags.arch !== undefined && { arch: flags.arch }),
      ...(flags.labels !== undefined && { labels: flags.labels }),
    })
    const task = await registry.get('task', architecture.task.name)
    const { parameters, macs } = costsOf(lower(architecture, task))
    this.log(`${out}: ${architecture.name}, ${(parameters / 1e6).toFixed(2)} M parameters, ${labels.length} classes`)
    this.log(`Fine-tune it with: ${this.config.bin} train --init ${out} --data DIR`)
    return {
      version: 1,
      bundle: out,
      architecture: architecture.name,
      classes: labels.length,
      parameters,
      macs,
      inputSize: architecture.input.size,
    }
  }
}
