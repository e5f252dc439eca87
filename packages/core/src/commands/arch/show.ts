import { Flags } from '@oclif/core'
import type { ArchShowAnswer } from '../../answers/index.js'
import type { Architecture } from '../../architecture/index.js'
import { MnasCommand, modelArgument, taskOptionFlag } from '../../cli/index.js'
import type { JsonObject } from '../../contracts/index.js'
import type { ArchitectureReport, ReportedRow } from '../../graph/index.js'

interface Changes {
  readonly width: string | undefined
  readonly size: number | undefined
  /** Of the task, over those of the architecture. */
  readonly options: JsonObject
}

export default class ArchShow extends MnasCommand {
  static override summary = "Show an architecture as the paper's table, with the cost of each row."
  static override description = `MODEL is a bundle, a run, an architecture file or a name ("mnas arch list").
"mnas arch show MODEL --json | jq .architecture > mine.json" is a start for an architecture of one's own.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> mnasnet-a1',
    '<%= config.bin %> <%= command.id %> mnasnet-a1@0.5 --size 96 --task-option classes=6',
    '<%= config.bin %> <%= command.id %> models/a1-photos --json',
  ]
  static override args = { model: modelArgument({ required: true }) }
  static override flags = {
    'task-option': taskOptionFlag(),
    // Of any number: what an architecture can have is said by its schema.
    size: Flags.integer({ summary: 'side of the input in pixels', helpValue: '<px>' }),
    width: Flags.string({ summary: 'multiplies the filters of the stem and of every row', helpValue: '<x>' }),
  }

  async run(): Promise<ArchShowAnswer> {
    const { args, flags } = await this.parse(ArchShow)
    const { width, size, 'task-option': pairs } = flags
    const { parsePairs } = await import('../../config/index.js')
    const architecture = await changed(await this.localModel(args.model, await this.settings()), {
      width,
      size,
      options: parsePairs(pairs),
    })
    const { reportArchitecture } = await import('../../graph/index.js')
    const task = await (await this.registry()).get('task', architecture.task.name)
    const { rows, ...whole } = reportArchitecture(architecture, task)
    for (const line of await describe(architecture, { rows, ...whole })) this.log(line)
    return { version: 1, ...whole, architecture, blocks: rows }
  }
}

async function changed(model: string, { width, size, options }: Changes): Promise<Architecture> {
  const { architectureNames, namedArchitecture, scaleArchitecture, withTask } = await import('../../architecture/index.js')
  const { resolveModel } = await import('../../bundle/index.js')
  const { kind, architecture: found } = await resolveModel(model)
  let architecture = found
  if (width !== undefined) {
    const isName = kind === 'architecture' && architectureNames.includes(model)
    architecture = isName ? namedArchitecture(`${model}@${width}`) : scaleArchitecture(architecture, { width: Number(width) })
  }
  if (size !== undefined) architecture = scaleArchitecture(architecture, { inputSize: size })
  const { task } = architecture
  return withTask(architecture, task.name, { ...task.options, ...options })
}

async function describe(architecture: Architecture, report: ArchitectureReport): Promise<readonly string[]> {
  const [{ formatTable }, { rowInWords }] = await Promise.all([import('../../text/index.js'), import('../../graph/index.js')])
  const { input, padding, activation, task } = architecture
  return [
    `${report.name}  ${input.size} px, ${padding} padding, ${activation}, ${task.name} ${JSON.stringify(task.options)}`,
    '',
    ...formatTable(
      ['ROW', 'LAYERS', 'FILTERS', 'OUTPUT', 'PARAMETERS', 'MACS'],
      report.rows.map((row) => cells(row, rowInWords(row))),
    ),
    '',
    `${report.parameters.toLocaleString('en')} parameters, ${millions(report.macs)} MACs, ${(report.peakMemoryBytes / 2 ** 20).toFixed(1)} MiB of activations at most`,
  ]
}

function cells({ row, filters, outputSize, parameters, macs }: ReportedRow, layers: string): readonly string[] {
  return [String(row), layers, String(filters), `${outputSize}x${outputSize}`, parameters.toLocaleString('en'), millions(macs)]
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`
}
