import type { ChooseBox } from '../geometry/box.js'
import type { StoredImage } from './stored-image.js'

/** An image that turned out not to be readable. */
export interface Unreadable {
  readonly reason: string
  /** The disk did not give the file: another time it may. Absent: it was read, and is no image. */
  readonly unread?: string
}

/** Parts of stored images by index, of one short side: from the cache or decoded from the files, the same bytes. */
export interface PixelSource {
  read(image: number, choose: ChooseBox): Promise<StoredImage | Unreadable>
  close(): void
}
