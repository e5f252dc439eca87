import { posix } from 'node:path'
import { byCodeUnit } from '@mnas/images/listing'

/** `a/b.tar.gz` → `b.tar`. */
export const stemOf = (name: string): string => posix.basename(name, posix.extname(name))

/** Images of a folder by their names without the ending, each to be taken once. */
export class ImagesByStem {
  readonly #names = new Map<string, string[]>()
  readonly #taken = new Set<string>()

  constructor(names: readonly string[]) {
    for (const name of [...names].sort(byCodeUnit)) {
      const own = this.#names.get(stemOf(name))
      if (own) own.push(name)
      else this.#names.set(stemOf(name), [name])
    }
  }

  /**
   * @param stem of the file that describes it
   * @param filename what that file calls it: tells two images of one stem apart, and finds one that the stem does not
   */
  take(stem: string, filename: string): string | undefined {
    const own = this.#names.get(stem) ?? []
    const called = posix.basename(filename.replaceAll('\\', '/'))
    const others = this.#names.get(stemOf(called)) ?? []
    const image = own.find((name) => name === called) ?? own[0] ?? others.find((name) => name === called)
    if (image === undefined || this.#taken.has(image)) return undefined
    this.#taken.add(image)
    return image
  }

  unused(): readonly string[] {
    return [...this.#names.values()].flat().filter((name) => !this.#taken.has(name))
  }
}
