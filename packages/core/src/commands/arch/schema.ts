import type { ArchSchemaAnswer } from '../../answers/index.js'
import { MnasCommand } from '../../cli/index.js'

export default class ArchSchema extends MnasCommand {
  static override summary = 'Print the JSON Schema of an architecture file.'
  static override description = 'For editors and generators. The answer is the schema itself, with and without --json.'
  static override examples = ['<%= config.bin %> <%= command.id %> > architecture.schema.json']

  async run(): Promise<ArchSchemaAnswer> {
    await this.parse(ArchSchema)
    const { architectureJsonSchema } = await import('../../architecture/index.js')
    const schema = architectureJsonSchema()
    this.log(JSON.stringify(schema, null, 2))
    return schema
  }
}
