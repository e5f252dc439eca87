import { isAbsolute, posix } from 'node:path'
import type { DataFolder } from '../folder/data-folder.js'
import type { YoloSource } from './yolo-source.js'

/**
 * Where a place may be that a data.yaml names, within the data, likelier ones first: below its `path`, else beside the file. Some shops
 * write `../train/images` for what lies beside it. An absolute path counts where it leads into the data.
 * @returns a warning where `path` leads nowhere in the data
 */
export function placesOf(
  folder: DataFolder,
  { file, base, path }: Pick<YoloSource, 'file' | 'base' | 'path'>,
  place: string,
): { readonly paths: readonly string[]; readonly warning?: string } {
  const slashed = place.replaceAll('\\', '/')
  const absolute = folder.within(place)
  if (isAbsolute(place) || slashed.startsWith('/')) return { paths: absolute === null ? [] : [absolute] }
  const above = path === null ? null : baseOf(folder, base, path)
  const bases = above === null || above === base ? [base] : [above, base]
  const paths = [...bases.map((own) => posix.join(own, slashed)), posix.join(base, slashed.replace(/^(\.\.\/)+/, ''))]
  if (path === null || above !== null) return { paths }
  return { paths, warning: `"path: ${path}" of ${file} is no folder of this data; its places are looked for beside ${file}` }
}

/** null: not in the data. */
function baseOf(folder: DataFolder, base: string, path: string): string | null {
  if (isAbsolute(path)) return folder.within(path)
  const joined = posix.join(base, path.replaceAll('\\', '/'))
  return joined === '.' || folder.kindOf(joined.replace(/\/$/, '')) === 'folder' ? joined : null
}
