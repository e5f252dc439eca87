import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Architecture, architectureNames, withTask } from '../architecture/index.js'
import { bundleNameOf, isBundle, type ModelBundle, readBundle, resolveModel, writeBundle } from '../bundle/index.js'
import type { Fit, JsonObject, Task } from '../contracts/index.js'
import { hashFile } from '../files/index.js'
import { lower } from '../graph/index.js'
import { readSafetensors } from '../weights/index.js'
import { type ForeignWeights, fitWeights, nameByTable, renameTensors } from './convert-weights.js'
import { describeRows, detectArchitecture, sameShapes } from './detect-architecture.js'
import { importErrors } from './errors.js'
import { asBuiltBy, type ImportSource, isCounter } from './import-source.js'
import { unwrapNames } from './names/unwrap-names.js'
import { readLabels } from './read-labels.js'
import { refusePickles } from './refuse-pickles.js'
import { asTwoClasses } from './single-output.js'
import { completeStyle, type SourceStyle, styleOf } from './source-style.js'

export interface ImportRequest {
  /** As much of it as knows tasks. */
  readonly registry: { get(kind: 'task', name: string): Promise<Task> }
  /** A state dictionary as safetensors. */
  readonly file: string
  readonly from: ImportSource
  /** A name or a file; else the published one that the shapes of the tensors tell. */
  readonly arch?: string
  /** The bundle's folder. */
  readonly out: string
  /** A line per class; else the published ones, or the class indices. */
  readonly labels?: string
  /** Side of the centre crop divided by the resized short side. Default: as published, or 224/256. */
  readonly cropFraction?: number
  /** What is said of how it was trained; the rest is the source's own, where it has one. */
  readonly style?: Partial<SourceStyle>
  /** What its publisher says of it. */
  readonly published?: PublishedFacts
  readonly mnasVersion: string
  /** Told of everything that was changed on the way, in a sentence. */
  readonly note?: (message: string) => void
}

/** What stands beside weights where they were published. */
export interface PublishedFacts {
  /** The publisher's name of the network, and the network: the tensors must be its. */
  readonly model: string
  readonly architecture: Architecture
  /** Side of the square input in pixels. */
  readonly inputSize: number
  readonly classes: number | null
  readonly labels: readonly string[] | null
  readonly fit: Fit
  /** What the bundle says of where it comes from, beside the file and its hash. */
  readonly provenance: JsonObject
}

const defaultCrop = 0.875

/**
 * Makes a bundle of weights that another library trained: the same numbers under our names, and an architecture with the padding and the
 * batch-norm epsilon they were trained with. Wrappers' prefixes are dropped, half and double precision become float32, a single output two classes.
 * @throws MNAS_IMPORT_…, MNAS_WEIGHTS_…, MNAS_FILE_MISSING, MNAS_FILE_WRITE
 */
export async function importModel(request: ImportRequest): Promise<ModelBundle> {
  const { registry, file, from, out, published, cropFraction, mnasVersion } = request
  const weights = await readWeights(request)
  const sha256 = await hashFile(file)
  await requireFree(out, sha256)
  const { architecture, style } = await architectureOf(request, weights)
  const task = await registry.get('task', architecture.task.name)
  const fitted = fitWeights(nameByTable(weights, architecture), lower(architecture, task), architecture.name)
  const fit = cropFraction === undefined ? published?.fit : undefined
  const bundle: ModelBundle = {
    version: 1,
    name: bundleNameOf(out),
    architecture,
    task: architecture.task,
    labels: await labelsOf(request, classesOf(weights) ?? 0),
    preprocessing: {
      fit: fit ?? { kind: 'crop', fraction: cropFraction ?? defaultCrop },
      mean: style.mean,
      std: style.std,
      exif: 'applied',
    },
    metrics: {},
    weights: 'raw',
    provenance: { mnas: mnasVersion, import: { from, file: basename(file), sha256, ...published?.provenance } },
  }
  await writeBundle(out, bundle, fitted)
  return bundle
}

/** The file's tensors under our names. */
async function readWeights({ file, from, note = () => undefined }: ImportRequest): Promise<ForeignWeights> {
  await refusePickles(file)
  const read = await readSafetensors(file, { ignored: isCounter, convertFloats: true })
  for (const type of read.converted ?? []) note(`Tensors of the type ${type} were converted to float32.`)
  const { tensors, dropped } = unwrapNames(read.tensors, from)
  for (const part of dropped) note(`"${part}" was dropped from the names of the tensors: a wrapper's.`)
  const weights = renameTensors(file, tensors, from)
  const twoClasses = asTwoClasses(weights.tensors)
  if (!twoClasses) return weights
  note('The only output was taken for yes or no: two classes, of which the second is "yes".')
  return { ...weights, tensors: twoClasses }
}

/** Importing the same file again may change its labels; nothing else is overwritten. */
async function requireFree(out: string, sha256: string): Promise<void> {
  const [found]: readonly string[] = await readdir(out).catch(() => [])
  if (found === undefined) return
  if (!(await isBundle(out))) throw importErrors.MNAS_IMPORT_EXISTS({ out, received: `"${found}"` })
  const { provenance } = await readBundle(out)
  if ((provenance['import'] as { sha256?: unknown } | undefined)?.sha256 !== sha256)
    throw importErrors.MNAS_IMPORT_EXISTS({ out, received: 'another model' })
}

/** Rows of the dense layer behind the head. */
const classesOf = ({ tensors }: ForeignWeights) => tensors['logits.kernel']?.shape[0]

function labelsOf({ labels, published }: ImportRequest, classes: number): readonly string[] | Promise<readonly string[]> {
  const given = published?.labels
  // Of a single output, which has become two classes, the publisher's only name is none of either.
  return labels === undefined && given?.length === classes ? given : readLabels(labels, classes)
}

async function architectureOf(request: ImportRequest, weights: ForeignWeights) {
  const { arch, file, from, published } = request
  const found = published ? agreed(published, weights) : arch === undefined ? detect(from, weights) : await named(arch, from)
  const style = completeStyle(file, found.name, request.style ?? {}, published ? null : styleOf(from, found))
  const { padding, batchNormEpsilon } = style
  const classes = classesOf(weights)
  const { name, options } = found.task
  // Without a classifier the architecture's own classes stand, and the error names what is missing.
  const architecture = withTask({ ...found, padding, batchNormEpsilon }, name, {
    ...options,
    ...(classes !== undefined && classes > 1 && { classes }),
  })
  return { architecture, style }
}

/** The published network, at its size. @throws MNAS_IMPORT_DISAGREE for the tensors of another one, or of other classes */
function agreed({ model, architecture, inputSize, classes }: PublishedFacts, weights: ForeignWeights): Architecture {
  const { file, tensors } = weights
  const found = detectArchitecture(tensors)
  const outputs = tensors['logits.kernel'] && weights.tensors['logits.kernel']?.shape[0]
  const disagree = (expected: string, received: string) => importErrors.MNAS_IMPORT_DISAGREE({ file, model, expected, received })
  if (!found || !sameShapes(found, architecture))
    throw disagree(`the tensors of ${architecture.name}`, found ? `those of ${found.name}` : `the rows ${describeRows(tensors)}`)
  const expected = classes === 1 ? 2 : classes
  if (expected !== null && outputs !== undefined && outputs !== expected) throw disagree(`${expected} classes`, `${outputs}`)
  return { ...architecture, input: { size: inputSize } }
}

/** A name means the network as the library builds it; a file is taken at its word. */
async function named(arch: string, from: ImportSource): Promise<Architecture> {
  const { kind, architecture } = await resolveModel(arch)
  return kind === 'architecture' && !arch.endsWith('.json') ? asBuiltBy(from, architecture) : architecture
}

function detect(from: ImportSource, weights: ForeignWeights): Architecture {
  const { file, tensors, unknown } = weights
  const found = detectArchitecture(tensors)
  if (found) return asBuiltBy(from, found)
  const rows = describeRows(tensors)
  const named = unknown.length > 0 ? `tensors like ${unknown.slice(0, 3).join(', ')}` : 'no tensors of a stem, rows and a head'
  throw importErrors.MNAS_IMPORT_UNKNOWN({
    file,
    from,
    known: architectureNames,
    received: rows === '' ? named : `the rows ${rows}`,
  })
}
