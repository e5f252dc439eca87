import type { SearchEvent } from '../../run/search-event.js'
import type { Proposing } from '../../start/search.js'
import { describeEvent } from './describe-event.js'

/** Shows an event that was recorded: as a line for people, with its data for programs. */
export function reportEvent({ reporter, headline, goal, postProcessing }: Proposing, event: SearchEvent): void {
  const line = describeEvent(event, { headline, trials: goal.trials, postProcessing })
  if (!line) return
  if (line.kind === 'warning') reporter.warn(line.text, event)
  else reporter.note(line.text, event)
}
