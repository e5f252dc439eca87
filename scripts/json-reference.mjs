/**
 * docs/json.md, made from the schemas of the answers: what a package with commands exports as `./answers`. Works on the built
 * packages (`npm run build` first). write-json.mjs writes the page, test/docs/json.test.ts compares it; json-page.md is what
 * stands around the answers.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failureAnswer } from '@mnas/core/answers'
import { z } from 'zod'
import { declaration, fieldList, wrapped } from './type-of-schema.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
export const jsonPage = join(root, 'docs/json.md')

/** Named types that have a page of their own. */
const elsewhere = {
  Architecture: 'architecture.schema.json',
  Layers: 'architecture.schema.json',
  ZooEntry: 'entry.schema.json',
  ZooLineage: 'entry.schema.json',
}

/**
 * Of all packages.
 * @returns {Promise<{answers: Record<string, z.ZodType>, tasks: Record<string, Record<string, z.ZodType>>}>}
 */
export async function readAnswers() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const all = { answers: {}, tasks: {} }
  for (const folder of workspaces.filter((folder) => existsSync(join(root, folder, 'src/answers')))) {
    const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const { answers = {}, tasks = {} } = await import(`${name}/answers`)
    all.answers = { ...all.answers, ...answers }
    all.tasks = { ...all.tasks, ...tasks }
  }
  return all
}

/** @returns {Promise<string>} the page */
export async function jsonReference() {
  const { answers, tasks } = await readAnswers()
  const types = new Map()
  const jsonOf = (schema) => {
    const { $defs = {}, ...json } = z.toJSONSchema(schema)
    for (const [name, definition] of Object.entries($defs)) if (!name.startsWith('__')) addType(types, name, definition)
    return json
  }
  const ofCommands = Object.entries(answers).map(([command, schema]) => [command, jsonOf(schema)])
  const ofTasks = Object.entries(tasks).flatMap(([task, parts]) => [
    `## Task ${task}`,
    ...Object.entries(parts).map(([part, schema]) => typeSection(`${pascal(task)}${pascal(part)}`, jsonOf(schema), types)),
  ])
  const parts = {
    failure: section('FailureAnswer', jsonOf(failureAnswer), types),
    types: [...types].map(([name, schema]) => typeSection(name, schema, types)).join('\n\n'),
    answers: [...ofCommands.map(([command, schema]) => answerSection(command, schema, types)), ...ofTasks].join('\n\n'),
  }
  const template = readFileSync(new URL('json-page.md', import.meta.url), 'utf8')
  return template.replaceAll(/<!-- (\w+) -->/g, (_, part) => parts[part])
}

function addType(types, name, definition) {
  const known = types.get(name) ?? definition
  if (declaration(name, known) !== declaration(name, definition)) throw new Error(`two types of the answers are called ${name}`)
  types.set(name, definition)
}

/** `search --dry-run` is another answer of `search`. */
function answerSection(command, schema, types) {
  const heading = `${command.includes(' --') ? '###' : '##'} mnas ${command}`
  return `${heading}\n\n${section(`${pascal(command)}Answer`, schema, types)}`
}

function typeSection(name, schema, types) {
  const page = elsewhere[name]
  if (page) return `### ${name}\n\n${schema.description} Its fields: [${page}](${page}).`
  return `### ${name}\n\n${section(name, schema, types)}`
}

/** What it is in a sentence, the type, and what its fields mean. */
function section(name, schema, types) {
  const block = `\`\`\`ts\n${declaration(name, schema)}\n\`\`\``
  return [wrapped(schema.description ?? '').join('\n'), block, fieldList(schema, types).join('\n')].filter(Boolean).join('\n\n')
}

/** `search --dry-run` → `SearchDryRun`. */
const pascal = (words) => words.replaceAll(/(?:^|[ -]+)(\w)/g, (_, letter) => letter.toUpperCase())
