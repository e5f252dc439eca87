import { type ConformanceCase, check } from './check.js'
import { checkAbsent, checkEnded, checkStreams, checkWhole } from './store/check-reading.js'
import {
  checkCreate,
  checkCreateFromFile,
  checkFlush,
  checkRace,
  checkReadOnly,
  checkRemoveAndList,
  checkRemovedMeanwhile,
  checkRemoveUnderList,
  checkReplace,
} from './store/check-writing.js'
import { inPlace, type StoreBench, type StorePlace } from './store/store-place.js'

/**
 * What every store of a zoo has to do, wherever the zoo lies.
 * @param create an empty place of its own for each case
 * @param access of its stores; those that only read are given their files by `StorePlace.put`
 */
export function storeConformance(
  create: () => Promise<StorePlace>,
  { access }: { readonly access: 'read' | 'write' },
): readonly ConformanceCase[] {
  const inOne = (name: string, work: (bench: StoreBench) => Promise<void>): ConformanceCase => ({
    name,
    run: () => inPlace(create, work),
  })
  const reading = [
    inOne('says whether it can be written', async ({ open }) => {
      const store = await open()
      check(store.access === access, 'access', access, store.access)
    }),
    inOne('reads a file whole, and none that is too large', checkWhole),
    inOne('tells what is not there', checkAbsent),
    inOne('streams a file from any byte on', checkStreams),
    inOne('ends a stream when nobody wants it any more', checkEnded),
  ]
  if (access === 'read') return [...reading, inOne('refuses every change', checkReadOnly)]
  return [
    ...reading,
    inOne('creates a file once', checkCreate),
    inOne('creates a file out of another', checkCreateFromFile),
    inOne('has what was created there for others before any list', checkFlush),
    inOne('replaces the list unless somebody else has', checkReplace),
    inOne('loses nothing of several who replace the list at once', checkRace),
    inOne('keeps what a new list may name, even if it is removed meanwhile', checkRemovedMeanwhile),
    inOne('removes files and lists them', checkRemoveAndList),
    inOne('removes nothing under another list', checkRemoveUnderList),
  ]
}
