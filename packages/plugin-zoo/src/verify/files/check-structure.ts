import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exporter, FileStructure, Precision, Surroundings } from '@mnas/core/contracts'
import { type DeployableModel, drawnCalibration, exportModel, findRuntime } from '@mnas/core/deployment'
import type { Registry } from '@mnas/core/plugins'
import { type CheckedClaim, holdsUnlessThrown, notComparable } from '../claim.js'
import type { EntryFolder } from '../entry-folder.js'
import { verifyErrors } from '../errors.js'
import { type EntryExport, exportsOf, pathIn } from './exports-of.js'
import { describeGraphModel } from './graph-model.js'
import { modelOfFile } from './model-of-file.js'

/** Where files are looked into, and with what. */
export interface StructureRequest {
  readonly registry: Registry
  readonly around: Surroundings
  /** Paths of files with other bytes than the entry says: they are not read. */
  readonly broken: ReadonlySet<string>
}

export interface StructureCheck {
  readonly rows: readonly CheckedClaim[]
  /** Of the exports that hold, by path. */
  readonly known: ReadonlyMap<string, FileStructure>
}

/**
 * Whether every export is a file of the entry's architecture: mnas writes one of its own of the same model, format and input
 * size and compares the operators, counted, and what goes in and out. The weights in a file say nothing here; its answers do.
 */
export async function checkStructures(
  at: EntryFolder,
  model: DeployableModel | null,
  request: StructureRequest,
): Promise<StructureCheck> {
  const rows: CheckedClaim[] = []
  const known = new Map<string, FileStructure>()
  for (const one of exportsOf(at.entry.files)) {
    request.around.signal.throwIfAborted()
    rows.push(await checkExport(at, one, model, request, (structure) => known.set(one.path, structure)))
  }
  return { rows, known }
}

async function checkExport(
  { folder, entry }: EntryFolder,
  one: EntryExport,
  model: DeployableModel | null,
  { registry, around, broken }: StructureRequest,
  tell: (structure: FileStructure) => void,
): Promise<CheckedClaim> {
  const { path, format, precision } = one
  const about = {
    kind: 'files',
    claim: `structure of ${path}`,
    path,
    expected: `what mnas writes of ${entry.architectureName} as ${format}`,
  } as const
  // The facts beside it say how it is fed.
  if ([`${path}.json`, ...one.files.map((file) => file.path)].some((file) => broken.has(file)))
    return notComparable(about, 'its file is not what the entry says')
  if (!model) return notComparable(about, 'the model is not known')
  const exporter = await exporterOf(registry, format)
  const runtime = format === 'tfjs' ? null : await findRuntime(registry, format, around)
  if (!exporter || (format !== 'tfjs' && !runtime?.structure)) return notComparable(about, `nothing here reads ${format} files`)
  const look = (place: string, files: readonly string[] | null) =>
    format === 'tfjs' ? describeGraphModel(place, files, path) : runtime!.structure!({ path: place, format }, around)
  return holdsUnlessThrown(about, async () => {
    const names = one.files.map((file) => file.path.slice(path.length + 1))
    const received = await look(pathIn(folder, path), names)
    requireNoCode(path, received, exporter)
    const expected = await ofOurOwn(exporter, modelOfFile(model, received), precision, (place) => look(place, null))
    requireSame(path, expected, received)
    tell(received)
    const count = received.operators.reduce((sum, operator) => sum + operator.count, 0)
    return `${count} operators of ${received.operators.length} kinds, all as expected`
  })
}

/** The exporter of a format, whatever it is called. */
async function exporterOf(registry: Registry, format: string): Promise<Exporter | null> {
  for (const name of registry.names('exporter')) {
    const exporter = await registry.get('exporter', name)
    if (exporter.format === format) return exporter
  }
  return null
}

/**
 * The structure of the file that the exporter here writes of a model. It moves with neither weights nor ranges, so drawn ones
 * do.
 */
async function ofOurOwn(
  exporter: Exporter,
  model: DeployableModel,
  precision: string | null,
  look: (path: string) => Promise<FileStructure>,
): Promise<FileStructure> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-structure-'))
  try {
    const known = exporter.precisions.find((one) => one === precision) ?? exporter.precisions[0]
    const wish = { folder, precision: known as Precision, calibration: drawnCalibration(model.graph) }
    return await look((await exportModel(exporter, model, wish)).path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @throws MNAS_ZOO_CUSTOM_CODE */
function requireNoCode(path: string, { operators }: FileStructure, { postProcessing = [] }: Exporter): void {
  const received = operators.filter(({ name, custom }) => custom && !postProcessing.includes(name)).map(({ name }) => name)
  if (received.length > 0) throw verifyErrors.MNAS_ZOO_CUSTOM_CODE({ path, received })
}

/** What stands at the edges of a file as its types want it, and says nothing of the network. */
const edges: readonly string[] = ['QUANTIZE', 'DEQUANTIZE']

/** @throws MNAS_ZOO_STRUCTURE */
function requireSame(path: string, expected: FileStructure, received: FileStructure): void {
  const wrong = (wanted: string, found: string) => verifyErrors.MNAS_ZOO_STRUCTURE({ path, expected: wanted, received: found })
  for (const side of ['inputs', 'outputs'] as const) {
    const [wanted, found] = [portsInWords(expected[side]), portsInWords(received[side])]
    // Without the operator behind it, a detector's file gives what the graph gives.
    if (wanted !== found && !(side === 'outputs' && custom(expected) !== custom(received))) throw wrong(wanted, found)
  }
  const counts = countsOf(received)
  const wanted = countsOf(expected)
  for (const name of new Set([...wanted.keys(), ...counts.keys()])) {
    const [want, have] = [wanted.get(name) ?? 0, counts.get(name) ?? 0]
    if (want !== have) throw wrong(`${want} × ${name}`, `${have}`)
  }
}

const custom = ({ operators }: FileStructure): boolean => operators.some((operator) => operator.custom)

const countsOf = ({ operators }: FileStructure): ReadonlyMap<string, number> =>
  new Map(operators.filter((one) => !one.custom && !edges.includes(one.name)).map(({ name, count }) => [name, count]))

const portsInWords = (ports: FileStructure['inputs']): string =>
  ports.map(({ name, shape }) => `"${name}" of [${shape.join(', ')}]`).join(' and ') || 'nothing'
