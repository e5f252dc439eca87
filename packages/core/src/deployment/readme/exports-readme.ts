import type { ClientExample, Fit, Preprocessing } from '../../contracts/index.js'
import { hashJson } from '../../files/index.js'
import { settingsInWords } from '../../text/index.js'
import type { FileFacts } from '../files/file-facts.js'

/** What the README says of one file. */
export interface ReadmeEntry {
  readonly facts: FileFacts
  readonly clients: readonly ClientExample[]
}

/** The first line of each README that is written here: one that begins otherwise is somebody's own. */
export const readmeMark = '<!-- Written by mnas, anew with every file in this folder. -->'

/** The README of a folder of model files, Markdown: what each takes and gives, and programs that run it. Files of one contract share a section. */
export function exportsReadme(entries: readonly ReadmeEntry[]): string {
  const sections = contractsOf(entries).map(section)
  const introduction = 'What is known of each file, its latencies too, stands in `FILE.json` beside it.'
  return [readmeMark, '# Model files', introduction, ...sections.flat()].join('\n\n').concat('\n')
}

function contractsOf(entries: readonly ReadmeEntry[]): readonly (readonly ReadmeEntry[])[] {
  const contracts = new Map<string, ReadmeEntry[]>()
  for (const entry of entries) {
    const { format, model, inputs, outputs, preprocessing, labels, deployment = null } = entry.facts
    const key = hashJson({ format, name: model.name, inputs, outputs, preprocessing, labels, deployment })
    contracts.set(key, [...(contracts.get(key) ?? []), entry])
  }
  return [...contracts.values()]
}

function section(entries: readonly ReadmeEntry[]): readonly string[] {
  const { facts, clients } = entries[0]!
  const { model, preprocessing, labels, deployment } = facts
  const title = entries.map((entry) => code(entry.facts.file)).join(', ')
  const weights = model.randomWeights ? ' **Its weights are random: what it answers means nothing.**' : ''
  return [
    `## ${title}`,
    `The model ${code(model.name)} for ${model.task}, ${model.inputSize} px, ${model.parameters.toLocaleString('en-US')} parameters.${weights}`,
    filesTable(entries),
    tensorsTable(facts),
    ...(preprocessing ? [photoInWords(preprocessing, model.inputSize)] : []),
    ...(deployment ? [`Answers: ${settingsInWords(deployment)}.`] : []),
    ...(labels && labels.length > 0 ? [`Labels, by index:`, fence('json', JSON.stringify(labels))] : []),
    ...clients.flatMap(({ title: client, text, language, code: program }) => [`### ${client}`, text, fence(language, program)]),
  ]
}

function filesTable(entries: readonly ReadmeEntry[]): string {
  const rows = entries.map(({ facts: { file, precision, sizeBytes } }) => [
    code(file),
    precision ?? 'unknown',
    `${(sizeBytes / 1e6).toFixed(2)} MB`,
  ])
  return table([['file', 'numbers', 'size'], ...rows])
}

function tensorsTable({ inputs, outputs, preprocessing }: FileFacts): string {
  const rowOf = (kind: string) => (tensor: FileFacts['inputs'][number]) => {
    const values = [...storedValues(tensor), ...(kind === 'input' && preprocessing ? pixelValues(tensor, preprocessing) : [])]
    return [
      kind,
      code(tensor.name),
      tensor.shape.map((size) => (size < 0 ? 'any' : size)).join(' × '),
      tensor.dtype,
      values.join('; '),
    ]
  }
  return table([['', 'name', 'shape', 'type', 'values'], ...inputs.map(rowOf('input')), ...outputs.map(rowOf('output'))])
}

function storedValues({ affine }: FileFacts['inputs'][number]): readonly string[] {
  if (affine === null) return []
  const { scale, zeroPoint } = affine
  return scale.length === 1
    ? [`real = ${scale[0]} · (stored ${zeroPoint[0]! < 0 ? '+' : '−'} ${Math.abs(zeroPoint[0]!)})`]
    : ['real = scale · (stored − zero point), by channel']
}

/** Of an input of red, green and blue, [batch, height, width, 3]. */
function pixelValues({ shape }: FileFacts['inputs'][number], { mean, std }: Preprocessing): readonly string[] {
  if (shape.length !== 4 || shape[3] !== 3) return []
  const ends = [0, 1, 2].flatMap((c) => [-mean[c]! / std[c]!, (255 - mean[c]!) / std[c]!])
  const [low, high] = [Math.min(...ends), Math.max(...ends)].map((value) => String(Number(value.toFixed(3))).replace('-', '−'))
  return [`red, green, blue: (level − ${perChannel(mean)}) / ${perChannel(std)}, ${low} to ${high}`]
}

const perChannel = (values: readonly number[]) =>
  values.every((value) => value === values[0]) ? String(values[0]) : `(${values.join(', ')})`

function photoInWords({ fit }: Preprocessing, size: number): string {
  return `A photo is turned upright (its EXIF rotation), then ${fitInWords(fit, size)}. Levels are 0 to 255.`
}

function fitInWords(fit: Fit, size: number): string {
  switch (fit.kind) {
    case 'crop':
      return `the square in its middle, ${fit.fraction} of its short side, is scaled to ${size} × ${size}; what lies outside is lost`
    case 'stretch':
      return `it is scaled to ${size} × ${size}, whatever its shape`
    case 'letterbox':
      return `its long side is scaled to ${size}, in the middle of a square filled with rgb(${fit.fill.join(', ')})`
    default:
      return fit satisfies never
  }
}

const code = (text: string) => `\`${text}\``
const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``

function table([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head!), line(head!.map(() => '---')), ...rows.map(line)].join('\n')
}
