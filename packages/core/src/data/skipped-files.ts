import type { SkippedFile } from '../contracts/index.js'
import type { Reporter } from '../events/index.js'

/** So many files are named, the others counted. */
const namedFiles = 5

/** @returns tells of files that cannot be used, each once: some are found when a folder is opened, some only when they are decoded */
export function skippedFilesTeller(reporter: Reporter): (skipped: readonly SkippedFile[]) => void {
  const told = new Set<string>()
  return (skipped) => {
    const news = skipped.filter(({ file }) => !told.has(file))
    for (const { file } of news) told.add(file)
    for (const { file, reason } of news.slice(0, namedFiles)) reporter.warn(`skipped ${file}: ${reason}`)
    if (news.length > namedFiles) reporter.warn(`skipped ${news.length - namedFiles} more unusable files`)
  }
}
