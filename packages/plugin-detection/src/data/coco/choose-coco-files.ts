import { posix } from 'node:path'
import { type Part, partOf } from '@mnas/images/layouts'
import { readFolder } from '@mnas/images/listing'
import { detectionErrors } from '../../errors.js'
import type { DataFolder } from '../folder/data-folder.js'
import type { CocoFiles } from './find-coco.js'

interface Candidate {
  readonly file: string
  readonly part: Part | undefined
}

export interface CocoEntries {
  readonly folders: readonly string[]
  readonly files: readonly string[]
  /** The data as its owner named it, for errors. */
  readonly named: string
}

/** COCO's other files, which stand beside the instances. */
const otherFiles =
  /^(captions|person_keypoints|stuff|panoptic|image_info|package|tsconfig)\b|^(captions|person_keypoints|stuff|panoptic|image_info)_/i
const preferred = /^instances|^_annotations\.coco/i

/**
 * The .json files of training, validation and test images: beside the images, in a folder `annotations` or in folders of the parts.
 * What a file is for its folder says, or a word of its name.
 * @returns null where there is no .json
 * @throws MNAS_DETECTION_LAYOUT for two files of one part
 */
export async function chooseCocoFiles(data: DataFolder, at: string, entries: CocoEntries): Promise<CocoFiles | null> {
  const candidates = await listCandidates(data, at, entries)
  const of = (part: Part | undefined) =>
    onlyOne(
      candidates.filter((one) => one.part === part),
      part,
      entries.named,
    )
  const [train, validation, test] = [of('training'), of('validation'), of('test')]
  if (train !== null) return { train, validation, test }
  const whole = of(undefined)
  if (whole !== null) return { train: whole, validation, test }
  // Images of one part alone are divided, as those of a whole are.
  if (validation !== null) return { train: validation, validation: null, test }
  return test === null ? null : { train: null, validation: null, test }
}

async function listCandidates(data: DataFolder, at: string, { folders, files }: CocoEntries): Promise<readonly Candidate[]> {
  const inFolder = (place: string, names: readonly string[], part: Part | undefined): readonly Candidate[] =>
    names
      .filter((name) => /\.json$/i.test(name) && !otherFiles.test(name))
      .map((name) => ({ file: posix.join(place, name), part: part ?? partInName(name) }))
  const all = [...inFolder(at, files, undefined)]
  for (const name of folders) {
    const [part, place] = [partOf(name), posix.join(at, name)]
    const isSought = part !== undefined || name.toLowerCase() === 'annotations'
    if (isSought && 'file' in data.locate(place)) all.push(...inFolder(place, (await readFolder(data.root, place)).files, part))
  }
  return all
}

/** `instances_train2017.json` → training. */
function partInName(name: string): Part | undefined {
  const words = name.split(/[^A-Za-z]+/)
  return words.map(partOf).find((part) => part !== undefined)
}

function onlyOne(candidates: readonly Candidate[], part: Part | undefined, folder: string): string | null {
  const better = candidates.filter(({ file }) => preferred.test(posix.basename(file)))
  const [one, other] = better.length > 0 ? better : candidates
  if (!one) return null
  if (!other) return one.file
  const problem = `both ${one.file} and ${other.file} may be the ${part ?? 'whole'} part`
  throw detectionErrors.MNAS_DETECTION_LAYOUT({ folder, problem })
}

/** Whether a .json that stands there begins as one of COCO's does; other programs write .json files too. */
export function looksLikeCoco(data: DataFolder, file: string): boolean {
  const beginning = data.readBeginning(file, beginningBytes)
  return /"(images|annotations)"\s*:/.test(beginning)
}

const beginningBytes = 2 ** 20
