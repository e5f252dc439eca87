/**
 * docs/errors.md, made from the catalogues: every file below a package's src/ that calls defineErrors(…) is one, so none can be forgotten.
 * Works on the built packages (`npm run build` first). write-errors.mjs writes the page, test/docs/errors.test.ts compares it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const errorPage = join(root, 'docs/errors.md')

/** What each exit status means to a script. The names are the ones that definitions use. */
const exitMeanings = {
  internal: 'a defect in mnas, or `mnas doctor` found something that does not work',
  usage: 'the command line is wrong: an unknown flag, a missing argument, a question answered with no',
  invalid: 'something that was named cannot be used: a file, a folder, a name, a setting, an architecture',
  plugin: 'a plug-in is missing, does not load or contradicts another',
  device: 'a device or the runtime on it failed',
  training: 'training failed',
  data: 'the images cannot be used',
  constraint: 'nothing meets what was asked for: no network is fast enough',
  files: 'a file of a zoo’s entry is not what the entry says, or nothing that may stand in a zoo',
  outputs: 'the weights or a file of an entry answer otherwise than it says',
  accuracy: 'a model is not as accurate as its entry says',
  latency: 'a model is not as fast as its entry says',
  signature: 'a signature is missing, wrong, or of a key that is not trusted',
  interrupted: 'stopped by Ctrl-C, SIGTERM or the end of the terminal; the same command goes on',
}

/** What a summary and a message leave open: more about the cause, or a second way out. */
const advice = {
  MNAS_INTERNAL: 'With `DEBUG=1` in front of the command, the stack follows the message.',
  MNAS_RUN_LOCKED:
    'The kernel gives the lease back when its process ends, however it ends: nothing has to be deleted. Look for another `mnas search` or `mnas train` on the same folder.',
  MNAS_TRAIN_WORKER_LOST: 'A lost trial of a search is tried three times, then recorded as lost; the search goes on.',
  MNAS_TRAIN_DIVERGED: 'In a search this ends one trial, not the run.',
  MNAS_DEVICE_LOST:
    'A search tries again after 2, 10, 30 and 90 seconds before it records the trial as lost. This computer cannot vanish; phones and boards can.',
  MNAS_DATA_BROKEN: 'Up to 5 % of unusable files are named, skipped and counted, and no error.',
  MNAS_RUNTIME_TIMEOUT: 'The limits on time and memory stand in packages/tflite/src/runtime/limits.ts.',
  MNAS_LITERT_MISSING: 'Nothing needs it: without it LiteRT.js times models, more slowly, and says so.',
  MNAS_CONFORMANCE_BROKEN: 'For authors of plug-ins: no command raises it.',
  MNAS_INTERPRETER_TENSOR: 'For authors of plug-ins: no command raises it.',
}

/** @returns {readonly string[]} sources of the catalogues, relative to the root */
export function catalogueSources() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return workspaces
    .flatMap((folder) => sourcesBelow(join(folder, 'src')))
    .filter((path) => /^export const \w+ = defineErrors\(/m.test(readFileSync(join(root, path), 'utf8')))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

function sourcesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path).replaceAll('\\', '/'))
}

/** Core first, and in it what every command can raise. */
function rank(path) {
  const areas = ['errors', 'program', 'config', 'plugins']
  const area = areas.findIndex((name) => path.startsWith(`packages/core/src/${name}/`))
  if (area !== -1) return area
  return path.startsWith('packages/core/') ? areas.length : areas.length + 1
}

/**
 * @returns {Promise<readonly {source: string, name: string, definitions: Record<string, {exit: string, summary: string, message: Function}>}[]>}
 */
export async function readCatalogues() {
  const catalogues = []
  for (const source of catalogueSources()) {
    const built = join(root, source.replace('/src/', '/dist/').replace(/\.ts$/, '.js'))
    for (const [name, value] of Object.entries(await import(pathToFileURL(built).href)))
      if (value?.definitions) catalogues.push({ source, name, definitions: value.definitions })
  }
  return catalogues
}

/** A message with `‹name›` for each detail that one occurrence fills in. */
export function messageTemplate(definition) {
  // A list of names to propose the nearest from; empty, nothing is proposed.
  const proposes = definition.message.toString().includes('didYouMean')
  const details = new Proxy({}, { get: (_, name) => (proposes && name === 'known' ? [] : placeholder(String(name))) })
  return definition.message(details).replaceAll('NaN', '‹number›')
}

/** Stands for a text, a number or a list, whatever a message does with it. */
function placeholder(name) {
  const text = `‹${name}›`
  const like = new Proxy(() => like, {
    get(_, key) {
      if (key === Symbol.toPrimitive) return (hint) => (hint === 'number' ? Number.NaN : text)
      if (key === Symbol.iterator) return () => [text].values()
      if (key === 'toString' || key === 'toJSON') return () => text
      if (key === 'length') return 1
      return like
    },
    apply: () => like,
  })
  return like
}

/** @param exitCodes of @mnas/core/errors */
export async function errorReference(exitCodes) {
  const catalogues = await readCatalogues()
  return `${[
    '# Errors',
    '',
    '<!-- Written by `npm run docs:errors` from the catalogues; a test compares them. Edit the catalogues, not this page. -->',
    '',
    'Every error is one line on stderr, `✗ CODE: what happened. Expected …, received …. Try ….`, and an exit status. With `--json` it is the',
    'answer on stdout: `{"version": 1, "error": {"code", "message", "exitCode"}}`. Look at codes and statuses in scripts: the',
    'wording of messages may change. In the messages below, `‹name›` is what one occurrence fills in; where a name is unknown, the nearest known',
    'one is proposed.',
    '',
    '## Exit status',
    '',
    ...alignedTable([['status', 'name', 'meaning'], ['0', '', 'done'], ...exitRows(exitCodes)]),
    '',
    '`mnas predict` answers for every image that it can read and ends with the status of the first that it cannot.',
    '`mnas doctor` ends with 4 when a plug-in does not load and with 1 when another check fails.',
    ...catalogues.flatMap((catalogue) => section(catalogue, exitCodes)),
  ].join('\n')}\n`
}

function section({ source, name, definitions }, exitCodes) {
  return [
    '',
    `## ${titleOf(source)}`,
    '',
    `\`${name}\` in [${source}](${relative('docs', source).replaceAll('\\', '/')})`,
    ...Object.entries(definitions).flatMap(([code, definition]) => [
      '',
      `### ${code}`,
      '',
      `**Exit ${exitCodes[definition.exit]}** (${definition.exit}). ${definition.summary}`,
      '',
      `> ${asMarkdown(messageTemplate(definition))}`,
      ...(advice[code] ? ['', advice[code]] : []),
    ]),
  ]
}

const exitRows = (exitCodes) => Object.entries(exitCodes).map(([name, code]) => [`${code}`, name, exitMeanings[name]])

/** A Markdown table as the formatter writes it. */
function alignedTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (cells, fill) => `| ${cells.map((cell, column) => cell.padEnd(widths[column], fill)).join(' | ')} |`
  return [line(rows[0], ' '), line(['', '', ''], '-'), ...rows.slice(1).map((row) => line(row, ' '))]
}

/** `*` would begin an emphasis and `<` a tag. */
const asMarkdown = (text) => text.replaceAll('*', '\\*').replaceAll('<', '&lt;')

/** `packages/core/src/graph/errors.ts` → `Core: graph`; `packages/tflite/src/errors.ts` → `@mnas/tflite`. */
function titleOf(source) {
  const [, packageName, , area] = source.split('/')
  if (packageName !== 'core') return `@mnas/${packageName}`
  if (source.endsWith('/contract-errors.ts')) return 'Core: engines and exporters'
  return area === 'errors' ? 'Core: files and names' : `Core: ${area === 'program' ? 'command line' : area}`
}

export const advisedCodes = Object.keys(advice)
