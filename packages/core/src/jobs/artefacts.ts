import { rm } from 'node:fs/promises'
import type { ArtefactName, BlobStore, JobResult } from '../contracts/index.js'
import { exists } from '../files/index.js'
import { bestWeightsFile, checkpointFile, deleteCheckpoints } from '../training/index.js'

/** Where they lie in a job's folder while it runs. */
const artefactFiles = { weights: bestWeightsFile, checkpoint: checkpointFile } as const satisfies Record<
  ArtefactName,
  (folder: string) => string
>

export async function storeArtefacts(
  folder: string,
  kept: readonly ArtefactName[],
  blobs: BlobStore,
): Promise<JobResult['artefacts']> {
  const stored: Partial<Record<ArtefactName, string>> = {}
  for (const name of kept) stored[name] = await blobs.put(artefactFiles[name](folder))
  return stored
}

/** Whether all of them are in a job's folder. */
export async function hasArtefacts(folder: string): Promise<boolean> {
  const found = await Promise.all(Object.values(artefactFiles).map((fileOf) => exists(fileOf(folder))))
  return found.every(Boolean)
}

/** Removes from a job's folder what it cannot go on from, which takes all of it; what is kept lies among the blobs. */
export async function discardArtefacts(folder: string, kept: readonly ArtefactName[]): Promise<void> {
  if (Object.keys(artefactFiles).every((name) => kept.includes(name as ArtefactName))) return
  await deleteCheckpoints(folder)
  await rm(bestWeightsFile(folder), { force: true })
}
