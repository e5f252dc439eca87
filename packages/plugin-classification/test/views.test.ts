import { exampleRandom } from '@mnas/images/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseView, parseAugmentation } from '#internal/augmentation/augmentation.js'

describe('the random crop', () => {
  it('lies within the image, with the area and aspect asked for', () => {
    const area = [0.3, 0.6] as const
    const augmentation = parseAugmentation({ crop: { area, aspect: [0.75, 4 / 3] }, flip: true })
    fc.assert(
      fc.property(fc.integer(), fc.nat(1000), fc.nat(1000), (seed, epoch, example) => {
        const image = { width: 147, height: 110 }
        const { box } = chooseView(image, 96, augmentation, exampleRandom(seed, epoch, example))
        expect(box.left >= 0 && box.top >= 0).toBe(true)
        expect(box.left + box.width <= image.width && box.top + box.height <= image.height).toBe(true)
        const share = (box.width * box.height) / (image.width * image.height)
        expect(share).toBeGreaterThan(0.27)
        expect(share).toBeLessThan(0.63)
        expect(box.width / box.height).toBeGreaterThan(0.72)
        expect(box.width / box.height).toBeLessThan(1.38)
      }),
    )
  })

  it('falls back to the middle where no allowed box fits', () => {
    const augmentation = parseAugmentation({ crop: { area: [1, 1], aspect: [1, 1] } })
    const view = chooseView({ width: 220, height: 110 }, 96, augmentation, exampleRandom(1, 2, 3))
    expect(view).toEqual({ box: { left: 55, top: 0, width: 110, height: 110 }, mirrored: false })
  })

  it('differs between examples, epochs and seeds, and mirrors half of them', () => {
    const augmentation = parseAugmentation({ crop: { area: [0.1, 1], aspect: [0.75, 4 / 3] }, flip: true })
    const views = Array.from({ length: 400 }, (_, index) =>
      chooseView({ width: 147, height: 110 }, 96, augmentation, exampleRandom(index % 4, index % 10, Math.floor(index / 20))),
    )
    expect(new Set(views.map(({ box }) => JSON.stringify(box))).size).toBeGreaterThan(150)
    const mirrored = views.filter((view) => view.mirrored).length
    expect(mirrored).toBeGreaterThan(100)
    expect(mirrored).toBeLessThan(300)
  })
})
