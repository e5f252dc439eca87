import type { Architecture } from '../architecture/index.js'
import type { Graph, Parameter, Tensor, Tensors } from '../contracts/index.js'
import { parametersOf } from '../graph/index.js'
import { importErrors } from './errors.js'
import { type ImportSource, nameMaps } from './import-source.js'
import { alongTable } from './names/along-table.js'

/** A weights file of another library, under our names as far as they are known; its stages stand where our rows do. */
export interface ForeignWeights {
  readonly file: string
  readonly tensors: Tensors
  /** The file's name of each tensor, by ours. */
  readonly sourceNames: Readonly<Record<string, string>>
  /** Tensors that have no name here. */
  readonly unknown: readonly string[]
}

export function renameTensors(file: string, tensors: Tensors, from: ImportSource): ForeignWeights {
  const renamed: Record<string, Tensor> = {}
  const sourceNames: Record<string, string> = {}
  const unknown: string[] = []
  const has = (name: string) => Object.hasOwn(tensors, name)
  for (const [source, tensor] of Object.entries(tensors)) {
    const name = nameMaps[from](source, has)
    if (name === undefined) unknown.push(source)
    else {
      renamed[name] = tensor
      sourceNames[name] = source
    }
  }
  return { file, tensors: renamed, sourceNames, unknown }
}

/** The same weights with the rows of a table in the place of the file's stages. */
export function nameByTable(weights: ForeignWeights, architecture: Architecture): ForeignWeights {
  const names = alongTable(Object.keys(weights.tensors), architecture)
  const rename = <V>(record: Readonly<Record<string, V>>) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [names.get(name)!, value]))
  return { ...weights, tensors: rename(weights.tensors), sourceNames: rename(weights.sourceNames) }
}

/**
 * The weights of a graph: every parameter filled, every tensor used.
 * @param architecture what to call the graph in errors
 * @throws MNAS_IMPORT_MISMATCH, MNAS_IMPORT_VALUES
 */
export function fitWeights({ file, tensors, sourceNames, unknown }: ForeignWeights, graph: Graph, architecture: string): Tensors {
  const parameters = parametersOf(graph)
  const expected = new Set(parameters.map(({ name }) => name))
  const missing = parameters.filter(({ name }) => !tensors[name]).map(({ name }) => name)
  const unexpected = Object.keys(tensors).filter((name) => !expected.has(name))
  const leftOver = [...unknown, ...unexpected.map((name) => sourceNames[name]!)]
  const misshapen = parameters.flatMap((parameter) => describeMisfit(parameter, tensors[parameter.name], sourceNames))
  if (missing.length + leftOver.length + misshapen.length > 0)
    throw importErrors.MNAS_IMPORT_MISMATCH({ file, architecture, missing, leftOver, misshapen })
  for (const { name } of parameters) checkValues(file, sourceNames[name]!, name, tensors[name]!)
  return Object.fromEntries(parameters.map(({ name }) => [name, tensors[name]!]))
}

function describeMisfit(
  { name, shape, dtype }: Parameter,
  tensor: Tensor | undefined,
  sourceNames: ForeignWeights['sourceNames'],
): readonly string[] {
  if (!tensor || (tensor.dtype === dtype && tensor.shape.join() === shape.join())) return []
  return [`${sourceNames[name]} (${tensor.dtype} [${tensor.shape.join(', ')}] for ${dtype} [${shape.join(', ')}])`]
}

function checkValues(file: string, tensor: string, name: string, { data }: Tensor): void {
  const least = name.endsWith('.movingVariance') ? 0 : Number.NEGATIVE_INFINITY
  const value = data.find((each) => !Number.isFinite(each) || each < least)
  if (value !== undefined) throw importErrors.MNAS_IMPORT_VALUES({ file, tensor, value })
}
