import { linkSync, mkdirSync } from 'node:fs'
import { symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { badFiles } from './bad-files.js'
import { pictures, temporaryFolder, writeFiles } from './pictures.js'

/** Names whose order by code unit is neither that of their UTF-8 nor, with a `/` behind, that of the folders. */
export const oddLabels = ['cat', 'cat-2', 'cat.b', 'cat0', 'ﬀ', '𝒳', 'Ä', 'O\u0308', 'a b']
export const linksPerLabel = 240

/** Links to good and bad files under odd names, some thousand of them. */
export async function oddFolder(): Promise<string> {
  const folder = await temporaryFolder()
  const bad = Object.fromEntries(Object.entries(await badFiles()).map(([name, [content]]) => [`source/${name}`, content]))
  const sources = { ...(await pictures(['source'], 12)), ...bad }
  await writeFiles(folder, sources)
  for (const name of Object.keys(sources)) await utimes(join(folder, name), 1000, 1000)
  const names = Object.keys(sources)
  for (const [place, label] of oddLabels.entries()) {
    mkdirSync(join(folder, 'data', label, 'deep/er'), { recursive: true })
    for (let index = 0; index < linksPerLabel; index++) {
      const where = index % 7 === 0 ? 'deep/er' : index % 5 === 0 ? 'deep' : '.'
      const target = join(folder, 'data', label, where, `${index}-𝒳ﬀ é.jpg`)
      linkSync(join(folder, names[(index * 7 + place) % names.length]!), target)
    }
  }
  await symlink(join(folder, 'nowhere'), join(folder, 'data', 'cat', 'dangling.jpg'))
  await symlink(join(folder, 'source', '000.jpeg'), join(folder, 'data', 'cat', 'linked.jpg'))
  await symlink(join(folder, 'data', 'cat'), join(folder, 'data', 'cat0', 'more'))
  return join(folder, 'data')
}
