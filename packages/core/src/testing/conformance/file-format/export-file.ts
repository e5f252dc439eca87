import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exporter, ExportRequest, Graph, ModelFile } from '../../../contracts/index.js'
import { lowerBackbone } from '../../../graph/index.js'
import { exportRequest } from '../../export-request.js'
import { withClassifier } from '../../networks/small-networks.js'

export function exportedClassifier(architecture: Parameters<typeof lowerBackbone>[0]): Graph {
  return withClassifier(lowerBackbone(architecture), 10, 0.2)
}

/** In the exporter's usual precision, with its default options. */
export function writeFile(
  exporter: Exporter,
  request: Pick<ExportRequest, 'graph' | 'weights' | 'path'> & Partial<ExportRequest>,
): Promise<ModelFile> {
  const [precision] = exporter.precisions
  return exporter.write(exportRequest({ precision, options: exporter.options.parse({}), ...request }))
}

export async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-conformance-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
