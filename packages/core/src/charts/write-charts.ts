import { join } from 'node:path'
import type { Chart } from '../contracts/index.js'
import { writeAtomic } from '../files/index.js'
import { renderSvg } from './render-svg.js'
import { type Theme, themes } from './theme.js'

/** A picture on disk. */
export interface WrittenChart {
  readonly name: string
  readonly theme: Theme
  readonly file: string
}

/**
 * Draws charts into a folder in every theme: `NAME.svg`, `NAME-dark.svg`. Each file appears whole or not at all.
 * @param charts by name
 * @throws MNAS_FILE_WRITE
 */
export async function writeCharts(folder: string, charts: Readonly<Record<string, Chart>>): Promise<readonly WrittenChart[]> {
  const written: WrittenChart[] = []
  for (const [name, chart] of Object.entries(charts)) {
    for (const theme of themes) {
      const file = join(folder, theme === 'dark' ? `${name}-dark.svg` : `${name}.svg`)
      await writeAtomic(file, await renderSvg(chart, theme))
      written.push({ name, theme, file })
    }
  }
  return written
}
