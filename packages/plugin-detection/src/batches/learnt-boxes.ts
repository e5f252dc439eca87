import type { Photo } from '../data/packed-photos.js'
import type { TargetBoxes } from '../targets/write-targets.js'

/** What is learnt of a photo: its boxes as shares of it, without crowds. */
export function learntBoxes({ width, height, boxes }: Photo): TargetBoxes {
  const learnt = boxes.filter(({ crowd }) => !crowd)
  const corners = learnt.flatMap(({ box: [x, y, across, down] }) => [
    y / height,
    x / width,
    (y + down) / height,
    (x + across) / width,
  ])
  return { boxes: Float64Array.from(corners), labels: Int32Array.from(learnt, ({ label }) => label) }
}
