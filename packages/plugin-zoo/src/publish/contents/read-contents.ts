import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleChartsFolder, bundleWeightsPath, type ModelBundle, type RunFront, readRunFront } from '@mnas/core/bundle'
import { exists } from '@mnas/core/files'
import { type DraftFile, draftFile, draftText } from './draft-file.js'
import { type DraftExport, readExports } from './read-exports.js'

/** What a bundle's folder holds that may be published; its `local/` belongs to this computer. */
export interface BundleContents {
  readonly folder: string
  readonly bundle: ModelBundle
  readonly model: DraftFile
  readonly weights: DraftFile
  readonly exports: readonly DraftExport[]
  readonly charts: readonly DraftFile[]
  /** Of the search that found the network; null: none did, or nobody kept it. */
  readonly front: { readonly file: DraftFile; readonly front: RunFront } | null
  /** The words of the licence. */
  readonly licence: DraftFile | null
}

/** How people call the file. */
const licenceNames = ['LICENSE', 'LICENCE', 'LICENSE.txt', 'LICENCE.txt', 'LICENSE.md', 'LICENCE.md'] as const

/** @throws MNAS_ZOO_EXPORT_CHANGED, MNAS_ZOO_PATH, MNAS_ZOO_LIMITS, MNAS_BUNDLE_CORRUPT */
export async function readContents(folder: string, bundle: ModelBundle): Promise<BundleContents> {
  const model = await draftFile({ path: 'model.json', role: 'model' }, { path: join(folder, 'model.json') })
  const weights = await draftFile({ path: 'weights.safetensors', role: 'weights' }, { path: bundleWeightsPath(folder) })
  const [exports, charts, licence] = await Promise.all([readExports(folder), readCharts(folder), readLicence(folder)])
  const found = await readRunFront(folder)
  const front = found && { file: await draftText('front.json', 'front', found.text), front: found.front }
  return { folder, bundle, model, weights, exports, charts, front, licence }
}

async function readCharts(bundleFolder: string): Promise<readonly DraftFile[]> {
  const folder = bundleChartsFolder(bundleFolder)
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(?:svg|png)$/.test(name)).sort()
  return Promise.all(names.map((name) => draftFile({ path: `charts/${name}`, role: 'chart' }, { path: join(folder, name) })))
}

async function readLicence(folder: string): Promise<DraftFile | null> {
  for (const name of licenceNames) {
    const path = join(folder, name)
    if (await exists(path)) return draftFile({ path: name, role: 'licence' }, { path })
  }
  return null
}
