import type { SearchProxy } from '@mnas/core/contracts'
import type { AnnotatedData } from '../data/annotated-data.js'
import { cutCrops } from './cut-crops.js'
import { earlyQuality, earlyQualityName } from './early-quality.js'

/** Side that crops are read at, at the most: an object is a part of its photo. */
const cropInputSize = 96

/**
 * How a search judges the backbones of detectors. From scratch a detector needs many epochs before it finds anything; what its backbone tells
 * apart shows much earlier.
 * @param openPhotos finds the annotations of a folder
 */
export function proxies(openPhotos: (folder: string, signal?: AbortSignal) => Promise<AnnotatedData>) {
  return {
    crops: {
      summary: 'a classifier of the objects cut out of the photos',
      task: 'classification',
      inputSize: (deployed) => Math.min(deployed, cropInputSize),
      data: async (options, fingerprint) => cutCrops(await openPhotos(options.folder, options.signal), fingerprint, options),
    },
    detection: {
      summary: 'the detector itself',
      quality: { headline: { name: earlyQualityName, label: 'early mAP50', percent: true }, of: earlyQuality },
    },
  } as const satisfies Readonly<Record<string, SearchProxy>>
}
