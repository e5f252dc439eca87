import { basename } from 'node:path'
import { type Architecture, architectureNames, withTask } from '../architecture/index.js'
import { isBundle, type ModelBundle, readBundle, resolveModel, writeBundle } from '../bundle/index.js'
import { hashFile } from '../files/index.js'
import { lower } from '../graph/index.js'
import type { Registry } from '../plugins/index.js'
import { readSafetensors } from '../weights/index.js'
import { type ForeignWeights, fitWeights, nameByTable, renameTensors } from './convert-weights.js'
import { describeRows, detectArchitecture } from './detect-architecture.js'
import { importErrors } from './errors.js'
import { asBuiltBy, type ImportSource, imagenetPreprocessing, isCounter, pytorchStyle } from './import-source.js'
import { unwrapNames } from './names/unwrap-names.js'
import { readLabels } from './read-labels.js'
import { refusePickles } from './refuse-pickles.js'
import { asTwoClasses } from './single-output.js'

export interface ImportRequest {
  readonly registry: Registry
  /** A state dictionary as safetensors. */
  readonly file: string
  readonly from: ImportSource
  /** A name or a file; else the published one that the shapes of the tensors tell. */
  readonly arch?: string
  /** The bundle's folder. */
  readonly out: string
  /** A line per class; else the class indices. */
  readonly labels?: string
  /** Side of the centre crop divided by the resized short side. */
  readonly cropFraction: number
  readonly mnasVersion: string
  /** Told of everything that was changed on the way, in a sentence. */
  readonly note?: (message: string) => void
}

/**
 * Makes a bundle of weights that another library trained: the same numbers under our names, and an architecture with the padding and the
 * batch-norm epsilon they were trained with. Wrappers' prefixes are dropped, half and double precision become float32, a single output two classes.
 * @throws MNAS_IMPORT_…, MNAS_WEIGHTS_…, MNAS_FILE_MISSING, MNAS_FILE_WRITE
 */
export async function importModel(request: ImportRequest): Promise<ModelBundle> {
  const { registry, file, out } = request
  const weights = await readWeights(request)
  const sha256 = await hashFile(file)
  await requireFree(out, sha256)
  const architecture = await architectureOf(request, weights)
  const task = await registry.get('task', architecture.task.name)
  const fitted = fitWeights(nameByTable(weights, architecture), lower(architecture, task), architecture.name)
  const bundle: ModelBundle = {
    version: 1,
    name: basename(out),
    architecture,
    task: architecture.task,
    labels: await readLabels(request.labels, classesOf(weights) ?? 0),
    preprocessing: { ...imagenetPreprocessing, fit: { kind: 'crop', fraction: request.cropFraction } },
    metrics: {},
    weights: 'raw',
    provenance: { mnas: request.mnasVersion, import: { from: request.from, file: basename(file), sha256 } },
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
  if (!(await isBundle(out))) return
  const { provenance } = await readBundle(out)
  if ((provenance['import'] as { sha256?: unknown } | undefined)?.sha256 !== sha256)
    throw importErrors.MNAS_IMPORT_EXISTS({ out })
}

/** Rows of the dense layer behind the head. */
const classesOf = ({ tensors }: ForeignWeights) => tensors['logits.kernel']?.shape[0]

async function architectureOf({ arch, from }: ImportRequest, weights: ForeignWeights): Promise<Architecture> {
  const found = arch === undefined ? detect(from, weights) : await named(arch, from)
  const classes = classesOf(weights)
  const { name, options } = found.task
  // Without a classifier the architecture's own classes stand, and the error names what is missing.
  return withTask({ ...found, ...pytorchStyle }, name, { ...options, ...(classes !== undefined && classes > 1 && { classes }) })
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
