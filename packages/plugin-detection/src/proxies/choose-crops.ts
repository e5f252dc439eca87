import type { AnnotatedExample } from '../data/annotated-data.js'
import { type Crop, planCrops } from './plan-crops.js'

/** A crop and the picture it is cut from. */
export interface ChosenCrop {
  readonly example: AnnotatedExample
  readonly crop: Crop
  /** Of its folder: its label, or the ground. */
  readonly folder: string
}

export interface ChosenCrops {
  readonly crops: readonly ChosenCrop[]
  /** By why they were left out. */
  readonly leftOut: { readonly tooSmall: number; readonly unclear: number; readonly tooMany: number; readonly tooRare: number }
}

/** Crops of a label in a part: a short training sees no more. */
const most = { train: 1000, val: 200 } as const
/** Of the training part: one to train on, and one to hold out. */
const least = 2
const ground = 'ground'

/**
 * Crops of the pictures of both parts: at most so many of a label, evenly from all pictures, and none of labels that hardly occur.
 * @param labels of the data, by index
 */
export function chooseCrops(
  parts: { readonly train: readonly AnnotatedExample[]; readonly val: readonly AnnotatedExample[] },
  labels: readonly string[],
): Readonly<Record<'train' | 'val', ChosenCrops>> {
  const train = planPart(parts.train, labels, most.train)
  const known = new Set([...train.byFolder].filter(([, crops]) => crops.length >= least).map(([folder]) => folder))
  const val = planPart(parts.val, labels, most.val)
  return { train: chosenOf(train, known), val: chosenOf(val, known) }
}

interface PlannedPart {
  readonly byFolder: ReadonlyMap<string, readonly ChosenCrop[]>
  readonly most: number
  readonly tooSmall: number
  readonly unclear: number
}

function planPart(examples: readonly AnnotatedExample[], labels: readonly string[], mostOfLabel: number): PlannedPart {
  const byFolder = new Map<string, ChosenCrop[]>()
  const count = { tooSmall: 0, unclear: 0 }
  for (const example of examples) {
    const { crops, tooSmall, unclear } = planCrops(example)
    count.tooSmall += tooSmall
    count.unclear += unclear
    for (const crop of crops) {
      const folder = crop.label === null ? ground : folderOf(crop.label, labels)
      const known = byFolder.get(folder)
      if (known) known.push({ example, crop, folder })
      else byFolder.set(folder, [{ example, crop, folder }])
    }
  }
  return { byFolder, most: mostOfLabel, ...count }
}

function chosenOf({ byFolder, most: limit, tooSmall, unclear }: PlannedPart, known: ReadonlySet<string>): ChosenCrops {
  const crops: ChosenCrop[] = []
  let [tooMany, tooRare] = [0, 0]
  for (const [folder, all] of byFolder) {
    const kept = known.has(folder) ? evenly(all, limit) : []
    crops.push(...kept)
    if (known.has(folder)) tooMany += all.length - kept.length
    else tooRare += all.length
  }
  return { crops, leftOut: { tooSmall, unclear, tooMany, tooRare } }
}

/** At most so many of a list, spread over all of it. */
function evenly<T>(all: readonly T[], limit: number): readonly T[] {
  if (all.length <= limit) return all
  return Array.from({ length: limit }, (_, at) => all[Math.floor((at * all.length) / limit)]!)
}

/** Names of labels may be no names of folders, and two of them the same one where letters count alike: the index tells them apart. */
function folderOf(label: number, labels: readonly string[]): string {
  const words = labels[label]!.normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
  return [String(label).padStart(3, '0'), words.toLowerCase()].filter((part) => part !== '').join('-')
}
