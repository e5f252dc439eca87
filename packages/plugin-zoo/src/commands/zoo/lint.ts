import { MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooLintAnswer, ZooLintSchemaAnswer } from '../../answers/index.js'

export default class ZooLint extends MnasCommand {
  static override summary = 'Check entries: what they say, and that the files which they name have the bytes which they name.'
  static override description =
    'PATH is an entry.json, a folder with one and its files, or the folder of a zoo. Everything that is wrong is ' +
    'printed; the command ends with the first of it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> models/photos/entry.json',
    '<%= config.bin %> <%= command.id %> ./zoo --json',
    '<%= config.bin %> <%= command.id %> --schema > entry.schema.json',
  ]
  static override args = { path: Args.string({ description: 'a file, a folder, or a zoo in a folder' }) }
  static override flags = {
    schema: Flags.boolean({ summary: 'print the JSON Schema of an entry.json and check nothing' }),
  }

  async run(): Promise<ZooLintAnswer | ZooLintSchemaAnswer> {
    const { args, flags } = await this.parse(ZooLint)
    if (flags.schema) {
      const { entryJsonSchema } = await import('../../entry/entry-json-schema.js')
      const schema = entryJsonSchema()
      this.log(JSON.stringify(schema, null, 2))
      return schema
    }
    const { lintEntries, lintedName } = await import('../../lint/lint-entries.js')
    const { lintErrors } = await import('../../lint/errors.js')
    const { printable } = await import('@mnas/core/events')
    const { path } = args
    if (path === undefined) throw lintErrors.MNAS_ZOO_LINT_TARGET({ path: '', reason: 'no path was named' })
    const linted = await lintEntries(path)
    for (const one of linted) {
      const file = lintedName(path, one)
      const { entry, problems } = one
      if (entry && problems.length === 0) this.log(`${file}: ${entry.name}@${entry.release}, ${entry.files.length} files`)
      for (const { code, message } of problems) this.log(printable(`${file}: ${code}: ${message}`))
    }
    const [first] = linted.flatMap(({ problems }) => problems)
    if (first) throw first
    return {
      version: 1,
      entries: linted.map(({ file, digest, entry }) => {
        const { name, release, files } = entry!
        return { file, name, release, digest: digest!, files: files.length }
      }),
    }
  }
}
