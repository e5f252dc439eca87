import { join } from 'node:path'
import { writeAtomic } from '@mnas/core/files'
import type { Registry } from '@mnas/core/plugins'
import { type ReportData, readReport } from './data/report-data.js'
import { panelsOf, reportPage } from './page/report-page.js'
import type { PanelId } from './panels/panel.js'

export interface WrittenReport {
  readonly file: string
  /** By their ids, in their order. */
  readonly panels: readonly PanelId[]
  readonly data: ReportData
}

/**
 * Writes the report of a run as one HTML file, whole or not at all.
 * @param file default: `report.html` in the run's folder
 * @throws MNAS_FILE_WRITE, and what readReport throws
 */
export async function writeReport(run: string, registry: Registry, file = join(run, 'report.html')): Promise<WrittenReport> {
  const data = await readReport(run, registry)
  const panels = panelsOf(data)
  await writeAtomic(file, reportPage(data, panels))
  return { file, panels: panels.map(({ id }) => id), data }
}
