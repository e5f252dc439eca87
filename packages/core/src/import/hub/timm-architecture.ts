import { type Architecture, architectureNames, namedArchitecture, ourNameOf, scaleInside } from '../../architecture/index.js'
import { asBuiltBy } from '../import-source.js'

/** What timm deepens and widens between stem and head: its suffix, width and depth. */
const deepened = {
  mobilenetv2_110d: { width: 1.1, depth: 1.2 },
  mobilenetv2_120d: { width: 1.2, depth: 1.4 },
} as const

/**
 * The network that timm's model code builds under a name (`mnasnet_100`), with the padding and epsilon of our table; undefined
 * for one that is none of ours.
 */
export function timmArchitecture(name: string): Architecture | undefined {
  if (Object.hasOwn(deepened, name)) {
    const scaled = scaleInside(namedArchitecture('mobilenet-v2'), deepened[name as keyof typeof deepened])
    return { ...scaled, name: 'mobilenet-v2-variant' }
  }
  const ours = ourNameOf(name)
  return ours === undefined ? undefined : asBuiltBy('timm', namedArchitecture(ours))
}

/** Ours, for errors: any width of them. */
export const knownToTimm: readonly string[] = architectureNames.filter((name) => !name.startsWith('mnasnet-d1'))

/** Whether timm builds it as TensorFlow pads and normalises: weights that were trained there. */
export const isTensorflows = (name: string): boolean => name.startsWith('tf_')
