import { Args, Flags } from '@oclif/core'
import type { ImportAnswer } from '../answers/index.js'
import { importFlags, importWish, MnasCommand, outFlag, type StyleFlags } from '../cli/index.js'

export default class Import extends MnasCommand {
  static override summary = "Make a bundle of weights that timm's, torchvision's or efficientnet-lite-pytorch's model code wrote."
  static override description =
    `WEIGHTS is a state dictionary as safetensors (in Python: safetensors.torch.save_file(model.state_dict(), FILE)), in
single, half or double precision, with or without the prefixes of wrappers (module., _orig_mod., model.), or a folder with config.json and
model.safetensors as timm publishes them on the Hugging Face hub.
A folder says all of itself: network, labels, size, padding, epsilon, mean, deviation, crop and licence. Of a file the network is found by the shapes
of its tensors: timm's semnasnet_* (mnasnet-a1), mnasnet_* (mnasnet-b1), mnasnet_small, mobilenetv2_*, spnasnet_100, fbnetc_100 and
(tf_)efficientnet_lite*, torchvision's mnasnet* (mnasnet-b1) and mobilenet_v2, and efficientnet-lite-pytorch's networks, of any width. It keeps the
padding, the epsilon and the normalisation of its library; timm's EfficientNet-Lite has two of each, so that --padding, --epsilon, --mean and
--std have to say which. Every tensor must be used and every parameter filled.`
  static override examples = [
    '<%= config.bin %> import mnasnet_100.rmsp_in1k',
    '<%= config.bin %> import semnasnet_100.safetensors --from timm',
    '<%= config.bin %> import mobilenet_v2.safetensors --from torchvision --labels synsets.txt --crop-fraction 0.9655',
    '<%= config.bin %> import lite0.safetensors --from timm --padding same --epsilon 1e-3 --mean 127.5,127.5,127.5 --std 127.5,127.5,127.5',
    '<%= config.bin %> train --init models/semnasnet_100 --data photos',
  ]
  static override args = {
    weights: Args.string({ description: 'weights as safetensors, or a folder with config.json', required: true }),
  }
  static override flags = {
    from: Flags.option({
      options: ['timm', 'torchvision', 'efficientnet-lite-pytorch'] as const,
      summary: 'whose names the tensors of a file have',
    })(),
    arch: Flags.string({
      summary: 'architecture of a file, as a name or a file (default: found by the shapes of the tensors)',
      helpValue: '<arch>',
    }),
    out: outFlag({ summary: "the bundle's folder (default: models/<name of the weights>)" }),
    ...importFlags(),
  }

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(Import)
    const [{ basename, join, resolve }, { costsOf, lower }] = await Promise.all([
      import('node:path'),
      import('../graph/index.js'),
    ])
    const out = flags.out ?? join('models', basename(resolve(args.weights)).replace(/\.safetensors$/, ''))
    const registry = await this.registry()
    const { architecture, labels } = await this.#import(args.weights, { ...flags, out: resolve(out) })
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

  async #import(weights: string, flags: ImportFlags) {
    const [{ stat }, { importErrors, importHubFolder, importModel, importSources }] = await Promise.all([
      import('node:fs/promises'),
      import('../import/index.js'),
    ])
    const { arch, from, out } = flags
    const request = {
      registry: await this.registry(),
      out,
      mnasVersion: this.config.version,
      note: (message: string) => this.reporter.note(message),
      ...importWish(flags),
    }
    const isFolder = await stat(weights).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (isFolder && arch === undefined && (from ?? 'timm') === 'timm') return importHubFolder({ ...request, folder: weights })
    if (from === undefined) throw importErrors.MNAS_IMPORT_FROM({ file: weights, known: importSources })
    return importModel({ ...request, file: weights, from, ...(arch !== undefined && { arch }) })
  }
}

interface ImportFlags extends StyleFlags {
  readonly arch?: string | undefined
  readonly from?: 'timm' | 'torchvision' | 'efficientnet-lite-pytorch' | undefined
  readonly out: string
}
