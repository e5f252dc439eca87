import type { SearchReportAnswer } from '../../answers/search-report-answer.js'
import type { Html } from '../page/html.js'

export type PanelId = SearchReportAnswer['panels'][number]

/** One part of a report. */
export interface Panel {
  /** In the page's address, too: `report.html#front`. */
  readonly id: PanelId
  readonly title: string
  /** What is to be seen, in sentences. */
  readonly text: Html
  readonly body: readonly Html[]
}
