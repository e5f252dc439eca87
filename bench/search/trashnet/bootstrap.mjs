import { randomOf } from '../objectives/random.mjs'

const replicates = 10_000

/**
 * The difference of two networks' mean top-1 and its 95 % interval (percentiles) by a bootstrap over images and seeds together: both networks see
 * the same images of a replicate, each draws its own seeds.
 * @param one right (1) or not (0), seed by seed, image by image
 * @param other of the other network, on the same images in the same order
 */
export function bootstrap(one, other, seed = 1) {
  const { below } = randomOf(seed)
  const drawn = (count) => Array.from({ length: count }, () => below(count))
  const images = one[0].length
  const meanOn = (seeds, pictures) => (right) =>
    seeds.reduce((sum, s) => sum + pictures.reduce((hits, image) => hits + right[s][image], 0), 0) / seeds.length / images
  const all = Array.from({ length: images }, (_, image) => image)
  const at = meanOn([...one.keys()], all)(one) - meanOn([...other.keys()], all)(other)
  const differences = Array.from({ length: replicates }, () => {
    const pictures = drawn(images)
    return meanOn(drawn(one.length), pictures)(one) - meanOn(drawn(other.length), pictures)(other)
  }).sort((a, b) => a - b)
  return { at, from: differences[Math.floor(0.025 * replicates)], to: differences[Math.ceil(0.975 * replicates) - 1] }
}
