import { MnasCommand, quoteArgument, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { DemoAnswer } from '../answers/index.js'

export default class Demo extends MnasCommand {
  static override summary = 'The whole job in a few minutes, offline: draw pictures, search, train the best, deploy it.'
  static override description =
    'Draws a small labelled picture set, searches four candidates, trains the best and writes a .tflite that was timed on this computer. ' +
    'Each step is printed as the command that you would type.'
  static override examples = ['<%= config.bin %> demo', '<%= config.bin %> demo --out /tmp/mnas-demo --seed 7']
  static override flags = {
    out: Flags.string({ default: 'demo', summary: 'folder for pictures, run and model', helpValue: '<folder>' }),
    seed: Flags.integer({ default: 0, summary: 'of the pictures, the search and the training' }),
    ...settingFlags('device'),
  }

  async run(): Promise<DemoAnswer> {
    const { flags } = await this.parse(Demo)
    const { join } = await import('node:path')
    const { runDemo } = await import('../demo/run-demo.js')
    const { formatMs } = await import('../results/format-candidates.js')
    const { device } = await this.settings(flags)
    const { reporter } = this
    const entry = join(this.config.root, 'bin', 'run.js')
    const result = await this.interruptible(
      (signal) =>
        runDemo({
          folder: flags.out,
          device,
          seed: flags.seed,
          program: { entry, signal },
          reporter,
          onCommand: (command) => reporter.note(`$ ${command}`),
        }),
      `${this.config.bin} demo ${this.argv.map(quoteArgument).join(' ')}`.trim(),
    )
    reporter.close()
    const { metrics, latencyMs } = result
    this.log(`pictures  ${result.pictures}`)
    this.log(`search    ${result.run}  (mnas search show ${result.run})`)
    this.log(`model     ${result.model}  ${(Number(metrics['top1']) * 100).toFixed(1)} % of unseen pictures right`)
    this.log(`file      ${result.file}${latencyMs === null ? '' : `  ${formatMs(latencyMs)} on ${device}`}`)
    this.log(`Next, on your own photos: ${this.config.bin} search --data ./photos --target-latency 10ms`)
    return { version: 1, folder: flags.out, ...result }
  }
}
