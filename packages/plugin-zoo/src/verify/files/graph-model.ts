import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileStructure } from '@mnas/core/contracts'
import { hashFile, parseJson, reasonOf } from '@mnas/core/files'
import { z } from 'zod'
import { verifyErrors } from '../errors.js'

const mostBytes = 64 * 2 ** 20
const shape = z.object({ dim: z.array(z.object({ size: z.union([z.string(), z.number()]) })).optional() })
const port = z.record(z.string(), z.object({ name: z.string(), tensorShape: shape.optional() }))

/** Of a TensorFlow.js graph model, what is looked at. */
const graphModelSchema = z.object({
  format: z.literal('graph-model'),
  signature: z.object({ inputs: port, outputs: port }),
  modelTopology: z.object({
    node: z.array(z.object({ op: z.string() })).max(100_000),
    library: z.object({ function: z.array(z.unknown()).max(0).optional() }).optional(),
  }),
  weightsManifest: z
    .array(z.object({ paths: z.array(z.string().max(300)).max(10_000), weights: z.array(z.object({ name: z.string() })) }))
    .max(100),
})

/** A plain name of a file: it leads to no other folder, host or drive. */
const plainName = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/
/** What mnas writes beside a detector's model. */
const program = 'postprocess.js'

/**
 * What a TensorFlow.js model is, of which `tf.loadGraphModel` would fetch every path that the manifest names, from wherever it
 * leads.
 * @param listed names of the files that belong to it; null: those that are there
 * @param path for errors
 * @throws MNAS_ZOO_MANIFEST, MNAS_ZOO_CUSTOM_CODE
 */
export async function describeGraphModel(folder: string, listed: readonly string[] | null, path: string): Promise<FileStructure> {
  const refuse = (reason: string, cause?: unknown) => verifyErrors.MNAS_ZOO_MANIFEST({ path, reason }, cause)
  const { signature, modelTopology, weightsManifest } = await readModel(join(folder, 'model.json'), refuse)
  const present = listed ?? (await readdir(folder))
  const named = weightsManifest.flatMap(({ paths }) => paths)
  for (const one of named) {
    if (!plainName.test(one)) throw refuse(`its manifest leads to ${JSON.stringify(one.slice(0, 80))}`)
    if (!present.includes(one)) throw refuse(`its manifest names "${one}", which is not there`)
  }
  const received = present.filter((name) => name !== 'model.json' && name !== program && !named.includes(name))
  if (received.length > 0) throw verifyErrors.MNAS_ZOO_CUSTOM_CODE({ path, received })
  const counts = new Map<string, number>()
  for (const { op } of modelTopology.node) counts.set(op, (counts.get(op) ?? 0) + 1)
  // A program counts as an operator that is called by its bytes: mnas writes the same one.
  if (present.includes(program)) counts.set(`${program} of sha256 ${await hashFile(join(folder, program))}`, 1)
  return {
    inputs: portsOf(signature.inputs),
    outputs: portsOf(signature.outputs),
    operators: [...counts].map(([name, count]) => ({ name, count, custom: false })),
  }
}

type GraphModel = z.infer<typeof graphModelSchema>

async function readModel(path: string, refuse: (reason: string, cause?: unknown) => Error): Promise<GraphModel> {
  let text: string
  try {
    const file = await open(path)
    const { size } = await file.stat().finally(() => file.close())
    if (size > mostBytes) throw refuse(`its model.json has ${size} bytes`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : refuse(reasonOf(error), error)
  }
  const { data, error } = graphModelSchema.safeParse(parsed(text, refuse))
  if (data) return data
  throw refuse(`"${error.issues[0]?.path.join('.')}" of its model.json is not what it should be (${error.issues[0]?.message})`)
}

function parsed(text: string, refuse: (reason: string, cause?: unknown) => Error): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw refuse((error as Error).message, error)
  }
}

const portsOf = (ports: GraphModel['signature']['inputs']) =>
  Object.entries(ports).map(([name, { tensorShape }]) => ({
    name,
    shape: (tensorShape?.dim ?? []).map(({ size }) => Number(size)),
    dtype: 'float32' as const,
    affine: null,
  }))
