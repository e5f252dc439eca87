/**
 * All of a paged list, page by page.
 * @param read the page behind an id
 */
export function* pages<T>(read: (after: number) => readonly T[], idOf: (item: T) => number): Generator<readonly T[]> {
  for (let page = read(0); page.length > 0; page = read(idOf(page.at(-1)!))) yield page
}
