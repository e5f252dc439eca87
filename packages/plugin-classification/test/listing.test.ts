import { describe, expect, it } from 'vitest'
import { listImages } from '#internal/folder/list-images.js'
import { oddLabels } from '../../images/test/support/odd-folder.js'
import { pathsOf } from '../../images/test/support/paths-of.js'
import { pictures, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'

describe('a listing', () => {
  it('is in the order of code units, whatever the names of the class folders', async () => {
    const folder = await temporaryFolder()
    const names = oddLabels.flatMap((label) =>
      ['train', 'val'].flatMap((part) => [`${part}/${label}/b.jpg`, `${part}/${label}/a/ﬀ`, `${part}/${label}/a/𝒳`]),
    )
    await writeFiles(folder, Object.fromEntries(names.map((name) => [name, name])))
    const { files, labels } = await listImages(folder)
    expect(labels).toEqual(oddLabels.map((label) => label.normalize('NFC')).sort())
    expect(pathsOf(files.paths)).toEqual([...names].sort())
    const parts = Array.from(files.partOf, (part) => ['train', 'val'][part])
    expect(parts).toEqual(pathsOf(files.paths).map((path) => path.split('/')[0]))
    for (const [index, path] of pathsOf(files.paths).entries())
      expect(labels[files.labelOf[index]!]).toBe(path.split('/')[1]!.normalize('NFC'))
  })

  it('ends at an abort', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['cat', 'dog'], 1))
    await expect(listImages(folder, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})
