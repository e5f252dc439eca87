import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FoundDevice } from '@mnas/core/contracts'
import { writeAtomic } from '@mnas/core/files'
import type { BoardFacts } from './board/board-facts.js'

const folderOf = (cacheFolder: string) => join(cacheFolder, 'ssh', 'boards')

/** A file of the board's name, with what the board is. @throws MNAS_FILE_WRITE */
export async function rememberBoard(cacheFolder: string, selector: string, facts: BoardFacts): Promise<void> {
  const { model, processor, machine, release } = facts
  const text = [model || processor || machine, release].filter((part) => part !== '').join(', ')
  await writeAtomic(join(folderOf(cacheFolder), encodeURIComponent(selector)), `${text}\n`)
}

/** The boards that were set up. Nobody is asked: the network is not to be searched for a list. */
export async function knownBoards(cacheFolder: string): Promise<readonly FoundDevice[]> {
  const names = await readdir(folderOf(cacheFolder)).catch(() => [])
  return Promise.all(
    names.toSorted().map(async (name) => {
      const description = await readFile(join(folderOf(cacheFolder), name), 'utf8').catch(() => '')
      return { selector: decodeURIComponent(name), state: 'set up; not asked now', description: description.trim() }
    }),
  )
}
