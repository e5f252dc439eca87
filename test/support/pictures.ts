import { drawPictures, type PictureSet } from '@mnas/plugin-search'

/** A few labelled pictures: enough for a training that takes a second or two. */
export async function smallPictures(folder: string, changes: Partial<Omit<PictureSet, 'folder'>> = {}): Promise<string> {
  await drawPictures({ folder, training: 16, validation: 4, size: 40, seed: 5, ...changes })
  return folder
}
