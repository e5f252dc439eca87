import { MnasCommand } from '@mnas/core/cli'
import { Args } from '@oclif/core'
import type { SearchFrontAnswer } from '../../answers/index.js'

export default class SearchFront extends MnasCommand {
  static override summary = 'The best trade-offs of a run: no other candidate is both faster and more accurate.'
  static override examples = ['<%= config.bin %> search front runs/photos', '<%= config.bin %> search front runs/photos --json']
  static override args = { run: Args.string({ required: true, description: 'folder of the run' }) }

  async run(): Promise<SearchFrontAnswer> {
    const { args } = await this.parse(SearchFront)
    const { frontOfRun } = await import('../../results/describe-run.js')
    const { formatCandidates, formatPostProcessing, formatRange } = await import('../../results/format-candidates.js')
    const { rangeOf } = await import('../../results/search-results.js')
    const { front, best, ...context } = await frontOfRun(args.run)
    const { postProcessing } = context
    const known = rangeOf(context, front)
    if (known.range) this.log(formatRange(known.range))
    for (const line of formatCandidates(front, context, best?.id)) this.log(line)
    if (postProcessing) this.log(formatPostProcessing(postProcessing))
    return { version: 1, run: args.run, ...(postProcessing && { postProcessing }), ...known, candidates: front }
  }
}
