import type { ArchListAnswer } from '../../answers/index.js'
import { MnasCommand } from '../../cli/index.js'

export default class ArchList extends MnasCommand {
  static override summary = 'List the published architectures with their size and cost.'
  static override description =
    'All stand as they were published for ImageNet (1000 classes, 224 px; EfficientNet-Lite grows). A width follows the name: mnasnet-a1@0.5.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<ArchListAnswer> {
    await this.parse(ArchList)
    const { architectureNames, namedArchitecture } = await import('../../architecture/index.js')
    const { formatTable } = await import('../../text/index.js')
    const { costsOf, lower } = await import('../../graph/index.js')
    const registry = await this.registry()
    const architectures = await Promise.all(
      architectureNames.map(async (name) => {
        const architecture = namedArchitecture(name)
        const task = await registry.get('task', architecture.task.name)
        return { name, inputSize: architecture.input.size, ...costsOf(lower(architecture, task)) }
      }),
    )
    const rows = architectures.map(({ name, inputSize, parameters, macs }) => [
      name,
      `${inputSize} px`,
      parameters.toLocaleString('en'),
      `${(macs / 1e6).toFixed(1)} M`,
    ])
    for (const line of formatTable(['NAME', 'INPUT', 'PARAMETERS', 'MACS'], rows)) this.log(line)
    return { version: 1, architectures }
  }
}
