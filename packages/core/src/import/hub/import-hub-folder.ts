import { join } from 'node:path'
import type { Architecture } from '../../architecture/index.js'
import type { ModelBundle } from '../../bundle/index.js'
import type { JsonObject } from '../../contracts/index.js'
import { exists } from '../../files/index.js'
import { importErrors } from '../errors.js'
import { type ImportRequest, importModel, type PublishedFacts } from '../import-model.js'
import { refusePickles } from '../refuse-pickles.js'
import { pytorchLayers, type SourceStyle, tensorflowLayers } from '../source-style.js'
import { fitOf, type HubConfig, labelNamesOf, readHubConfig } from './hub-config.js'
import { licenceOfCard } from './model-card.js'
import { isTensorflows, knownToTimm, timmArchitecture } from './timm-architecture.js'

export interface HubImport extends Omit<ImportRequest, 'file' | 'from' | 'arch' | 'published'> {
  /** With config.json and model.safetensors as timm publishes them on the Hugging Face hub, perhaps with its card, README.md. */
  readonly folder: string
  /** Where the folder came from, for the bundle's provenance: `hf:timm/mnasnet_100.rmsp_in1k@<commit>`. */
  readonly source?: string
}

/** What a folder of the hub holds, as far as it is read here. */
export const hubFiles = { config: 'config.json', weights: 'model.safetensors', card: 'README.md' } as const

/** How pictures are scaled here, with every pixel counted. */
const ours = 'bilinear'

/**
 * Makes a bundle of a folder as timm publishes it: architecture, labels, preprocessing and licence as its config.json has
 * them, and nothing guessed. The network is the one that config.json names, and its tensors must be those of the file.
 * @throws MNAS_IMPORT_…, MNAS_WEIGHTS_…, MNAS_FILE_MISSING, MNAS_FILE_WRITE
 */
export async function importHubFolder({ folder, source, ...request }: HubImport): Promise<ModelBundle> {
  const configFile = join(folder, hubFiles.config)
  const config = await readHubConfig(folder, configFile)
  const licence = config.license ?? config.pretrained_cfg.license ?? (await licenceOfCard(folder))
  const said = (request.style ?? {}) as Partial<SourceStyle>
  const style = { ...said, ...styleOfConfig(config) }
  for (const field of Object.keys(said) as (keyof SourceStyle)[])
    refuseContradiction(configFile, field, said[field], style[field])
  const { interpolation = ours } = config.pretrained_cfg
  if (interpolation !== ours) request.note?.(`Evaluated there on ${interpolation} pictures; here pictures are scaled ${ours}.`)
  const published = factsOf(configFile, config, licence, source)
  return importModel({ ...request, file: await weightsOf(folder), from: 'timm', style, published })
}

async function weightsOf(folder: string): Promise<string> {
  const file = join(folder, hubFiles.weights)
  if (await exists(file)) return file
  const pickle = join(folder, 'pytorch_model.bin')
  if (await exists(pickle)) await refusePickles(pickle, file)
  throw importErrors.MNAS_IMPORT_FOLDER({ folder, missing: hubFiles.weights })
}

/** timm's names say how it pads and normalises; its arguments, if any, have the last word. Pixels there go from 0 to 1. */
function styleOfConfig({ architecture, model_args: args, pretrained_cfg: { mean, std } }: HubConfig): Partial<SourceStyle> {
  const layers = isTensorflows(architecture) ? tensorflowLayers : pytorchLayers
  return {
    padding: args?.pad_type === undefined ? layers.padding : args.pad_type === 'same' ? 'same' : 'symmetric',
    batchNormEpsilon: args?.bn_eps ?? layers.batchNormEpsilon,
    ...(mean && { mean: inPixels(mean) }),
    ...(std && { std: inPixels(std) }),
  }
}

/** Without the tail of a float's decimals: .485 → 123.675. */
const inPixels = ([red, green, blue]: readonly [number, number, number]) =>
  [red, green, blue].map((value) => Number((255 * value).toPrecision(12))) as [number, number, number]

function refuseContradiction(file: string, field: keyof SourceStyle, said: unknown, config: unknown): void {
  const [expected, received] = [said, config].map((value) => JSON.stringify(value))
  if (expected !== received)
    throw importErrors.MNAS_IMPORT_CONFIG({ file, field, expected: `${expected}, as the flag says`, received: received! })
}

function factsOf(file: string, config: HubConfig, licence: string | null, source: string | undefined): PublishedFacts {
  const { architecture: model, pretrained_cfg: cfg, model_args: args } = config
  const found = timmArchitecture(model)
  if (!found) throw importErrors.MNAS_IMPORT_NETWORK({ file, received: model, known: knownToTimm })
  const wrong = (field: string, expected: string, received: unknown) =>
    importErrors.MNAS_IMPORT_CONFIG({ file, field, expected, received: JSON.stringify(received) })
  const [, height = found.input.size, width = found.input.size] = cfg.input_size ?? []
  if (height !== width) throw wrong('pretrained_cfg.input_size', 'a square input', cfg.input_size)
  const fit = fitOf(config)
  if (!fit) throw wrong('pretrained_cfg.crop_mode', 'center, or a crop_pct of 1', cfg.crop_mode)
  const classes = config.num_classes ?? cfg.num_classes
  const labels = classes === undefined ? null : labelNamesOf(config, classes)
  const repeated = labels?.find((label, index) => label === '' || /[\r\n]/.test(label) || labels.indexOf(label) !== index)
  if (repeated !== undefined) throw wrong('label_names', 'a different name in one line for each class', repeated)
  return {
    model,
    architecture: args?.act_layer === undefined ? found : ({ ...found, activation: args.act_layer } satisfies Architecture),
    inputSize: height,
    classes: classes ?? null,
    labels,
    fit,
    provenance: provenanceOf(config, licence, source),
  }
}

function provenanceOf(
  { architecture, pretrained_cfg: cfg }: HubConfig,
  licence: string | null,
  source: string | undefined,
): JsonObject {
  return {
    model: cfg.tag ? `${architecture}.${cfg.tag}` : architecture,
    ...(source !== undefined && { source }),
    ...(licence && { licence }),
    ...(cfg.origin_url && { url: cfg.origin_url }),
    ...(cfg.interpolation && { interpolation: cfg.interpolation }),
  }
}
