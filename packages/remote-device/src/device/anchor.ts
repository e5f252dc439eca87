import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anchorModel } from './anchor-model.js'
import type { PlacedFiles } from './place-file.js'
import type { RemoteRun, RemoteTool } from './remote-tool.js'

const anchorRuns = 30

export interface Anchored<T> {
  readonly result: T
  /** The middle of the anchor's runs before and after. */
  readonly beforeMs: number
  readonly afterMs: number
}

/** Work between two timings of a model that is always the same. @throws what the work, pushing and the tool throw */
export async function withAnchor<T>(
  files: PlacedFiles,
  tool: RemoteTool,
  run: RemoteRun,
  work: () => Promise<T>,
): Promise<Anchored<T>> {
  const model = await placeAnchor(files)
  const anchor = { ...run, model }
  const beforeMs = await timeOnce(tool, anchor)
  const result = await work()
  return { result, beforeMs, afterMs: await timeOnce(tool, anchor) }
}

/** The middle of the anchor's runs in one process. @throws as withAnchor */
export async function timeAnchor(files: PlacedFiles, tool: RemoteTool, run: Omit<RemoteRun, 'model'>): Promise<number> {
  return timeOnce(tool, { ...run, model: await placeAnchor(files) })
}

async function timeOnce(tool: RemoteTool, run: RemoteRun): Promise<number> {
  const { medianMs, meanMs } = await tool.time(run, anchorRuns)
  return medianMs ?? meanMs
}

async function placeAnchor(files: PlacedFiles): Promise<string> {
  const bytes = Buffer.from(anchorModel, 'base64')
  const folder = await mkdtemp(join(tmpdir(), 'mnas-anchor-'))
  try {
    const path = join(folder, 'anchor.tflite')
    await writeFile(path, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return await files.place({ path, sha256, sizeBytes: bytes.length, format: 'tflite' })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
