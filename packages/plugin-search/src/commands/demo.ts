import { MnasCommand, quoteArgument, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { DemoAnswer, DetectionDemoAnswer } from '../answers/index.js'
import type { Demo as AnyDemo } from '../demo/run-demo.js'

type DemoFlags = Readonly<Record<'out', string> & Record<'seed', number> & { device?: string | undefined }>

export default class Demo extends MnasCommand {
  static override summary = 'The whole job in a few minutes, offline: draw pictures, search, train the best, deploy it.'
  static override description =
    'Draws a small labelled picture set, searches four candidates, trains the best and writes a .tflite that was timed on this computer. ' +
    'With --detection it draws shapes with their boxes, trains a detector, draws what it finds in a picture, and deploys it. ' +
    'Each step is printed as the command that you would type.'
  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo --detection',
    '<%= config.bin %> demo --out /tmp/mnas-demo --seed 7',
  ]
  static override flags = {
    out: Flags.string({ default: 'demo', summary: 'folder for pictures, run and model', helpValue: '<folder>' }),
    detection: Flags.boolean({ summary: 'find shapes in pictures instead of telling pictures apart' }),
    seed: Flags.integer({ default: 0, summary: 'of the pictures, the search and the training' }),
    ...settingFlags('device'),
  }

  async run(): Promise<DemoAnswer | DetectionDemoAnswer> {
    const { flags } = await this.parse(Demo)
    return flags.detection ? this.#detection(flags) : this.#classification(flags)
  }

  async #classification(flags: DemoFlags): Promise<DemoAnswer> {
    const { classificationDemo } = await import('../demo/classification-demo.js')
    const { formatMs } = await import('../results/format-candidates.js')
    const { result, device } = await this.#demo(flags, classificationDemo)
    const { metrics, latencyMs } = result
    this.log(`pictures  ${result.pictures}`)
    this.log(`search    ${result.run}  (mnas search show ${result.run})`)
    this.log(`model     ${result.model}  ${(Number(metrics['top1']) * 100).toFixed(1)} % of unseen pictures right`)
    this.log(`file      ${result.file}${latencyMs === null ? '' : `  ${formatMs(latencyMs)} on ${device}`}`)
    this.log(`Next, on your own photos: ${this.config.bin} search --data ./photos --target-latency 10ms`)
    return { version: 1, folder: flags.out, ...result }
  }

  async #detection(flags: DemoFlags): Promise<DetectionDemoAnswer> {
    const { detectionDemo } = await import('../demo/detection-demo.js')
    const { formatMs } = await import('../results/format-candidates.js')
    const { result, device } = await this.#demo(flags, detectionDemo)
    const { metrics, latencyMs } = result
    const found = `mAP50 ${(Number(metrics['map50']) * 100).toFixed(1)} %, mAP ${(Number(metrics['map']) * 100).toFixed(1)} %`
    this.log(`pictures  ${result.pictures}`)
    this.log(`model     ${result.model}  ${found} on ${metrics['count']} unseen pictures`)
    this.log(`drawing   ${result.drawing}`)
    this.log(`file      ${result.file}${latencyMs === null ? '' : `  ${formatMs(latencyMs)} on ${device}`}`)
    this.log(`Next, on your own photos: ${this.config.bin} train mnasnet-a1 --task detection --data ./annotated --size 320`)
    return { version: 1, folder: flags.out, ...result }
  }

  /** One of the demos, from beginning to end. */
  async #demo<Made extends object>(flags: DemoFlags, demo: AnyDemo<Made>) {
    const [{ join }, { runDemo }] = await Promise.all([import('node:path'), import('../demo/run-demo.js')])
    const { device } = await this.settings(flags)
    const { reporter } = this
    const entry = join(this.config.root, 'bin', 'run.js')
    const onCommand = (command: string) => reporter.note(`$ ${command}`)
    const result = await this.interruptible(
      (signal) => runDemo(demo, { folder: flags.out, device, seed: flags.seed, program: { entry, signal }, reporter, onCommand }),
      `${this.config.bin} demo ${this.argv.map(quoteArgument).join(' ')}`.trim(),
    )
    reporter.close()
    return { result, device }
  }
}
