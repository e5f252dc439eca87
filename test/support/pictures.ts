import { drawPictures } from '../../packages/plugin-search/dist/demo/draw-pictures.js'

/** A few labelled pictures: enough for a training that takes a second or two. */
export async function smallPictures(folder: string): Promise<string> {
  await drawPictures({ folder, training: 16, validation: 4, size: 40, seed: 5 })
  return folder
}
