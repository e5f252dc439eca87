import { basename, dirname } from 'node:path'
import type { DeployAnswer } from '../answers/index.js'
import type { Headline } from '../contracts/index.js'
import { formatLatency, latencyRemarks } from '../measurement/index.js'
import { formatMetric, formatTable, settingsInWords } from '../text/index.js'
import type { Deployed } from './deploy-model.js'
import { describeOperator } from './describe-operator.js'

/** Lines for people: of one file what there is to say of it, of several a table. */
export function describeDeployed(deployed: Deployed): readonly string[] {
  const { report } = deployed
  return report.files.length === 1 ? ofOne(deployed) : [...table(deployed), ...about(deployed)]
}

function ofOne({ report, verdicts }: Deployed): readonly string[] {
  const [file] = report.files as [DeployAnswer['files'][number]]
  const { device, emulated, parameters, macs } = report
  return [
    `${file.file}${report.randomWeights ? ' (random weights)' : ''}`,
    `size       ${(file.sizeBytes / 1e6).toFixed(2)} MB, ${parameters} parameters, ${(macs / 1e6).toFixed(1)} M MACs`,
    `latency    ${formatLatency(file, emulated)} on ${device}, ${file.runtime.name} ${file.runtime.version}`,
    ...(file.postProcessing ? [`operator   ${describeOperator(file.postProcessing)}`] : []),
    `agreement  ${agreementText(report, verdicts[0]?.summary ?? '')}`,
    ...deploymentLines(report),
    ...recipeLines(report).map((line) => `found by   ${line}`),
    ...layerLines(report),
  ]
}

/** One row for each file, what is compared in the last columns. */
function table({ report, verdicts, headline }: Deployed): readonly string[] {
  const distanceName = verdicts[0]?.distanceName
  const known = verdicts.some(({ comparison }) => comparison.quality)
  const same = verdicts.some(({ comparison }) => comparison.sameAnswers !== null)
  const header = [
    ...['FILE', 'PRECISION', 'MB', 'MS', 'SPREAD'],
    ...(known ? [headline.label.toUpperCase()] : []),
    ...(same ? ['SAME ANSWERS'] : []),
    ...(distanceName ? [distanceName.toUpperCase()] : []),
  ]
  const rows = report.files.map((file) => [
    ...[basename(file.file), file.precision ?? '', (file.sizeBytes / 1e6).toFixed(2), file.latencyMs.toPrecision(3)],
    `${(100 * file.spread).toFixed(1)} %${file.stable ? '' : ' unstable'}`,
    ...(known ? [qualityText(headline, file.comparison?.quality?.file)] : []),
    ...(same ? [percent(file.comparison?.sameAnswers)] : []),
    ...(distanceName ? [file.comparison?.distance.toPrecision(2) ?? ''] : []),
  ])
  return formatTable(header, rows, ['FILE'])
}

function about({ report, verdicts, headline }: Deployed): readonly string[] {
  const { device, parameters, macs, files } = report
  const [{ runtime }] = files as [DeployAnswer['files'][number]]
  const engine = verdicts[0]?.comparison.quality?.engine
  const ofModel = engine === undefined ? '' : `; ${headline.label} of the model itself ${formatMetric(headline, engine)}`
  return [
    `files      in ${dirname(files[0]!.file)}`,
    `model      ${parameters} parameters, ${(macs / 1e6).toFixed(1)} M MACs${report.randomWeights ? ', random weights' : ''}`,
    `latency    on ${device}${report.emulated ? ' (emulated)' : ''}, ${runtime.name} ${runtime.version}`,
    ...files.flatMap((file) => latencyRemarks(file).map((remark) => `           ${basename(file.file)}: ${remark}`)),
    ...files.flatMap(({ file, postProcessing: time }) =>
      time ? [`operator   ${basename(file)}: ${describeOperator(time)}`] : [],
    ),
    `compared   ${comparedText(report)}${ofModel}`,
    ...deploymentLines(report),
    ...recipeLines(report).map((line) => `found by   ${line}`),
    ...layerLines(report),
  ]
}

const deploymentLines = ({ deployment }: DeployAnswer): readonly string[] =>
  deployment ? [`answers    ${settingsInWords(deployment)}`] : []

/** Where a file often answers otherwise: which layers make it so, and what can be done. */
function layerLines({ files }: DeployAnswer): readonly string[] {
  return files.flatMap(({ precision, layers, comparison }) => {
    if (!layers || !comparison) return []
    const others = percent(1 - (comparison.sameAnswers ?? 1))
    const named = layers.map(({ node, distance }) => `${node} ${distance.toPrecision(2)}`).join(', ')
    return [
      `layers     ${precision}: ${others} other answers; what does most to them, each layer alone: ${named}`,
      'try        more --calibration-images, a longer training, or --quantize dynamic or weights, which keep values in float32',
    ]
  })
}

const qualityText = (headline: Headline, value: number | undefined) => (value === undefined ? '' : formatMetric(headline, value))
const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? '' : `${(100 * share).toFixed(2)} %`

/** How the numbers of quantised files were found: what of the recipe says yes, and its values. */
function recipeLines({ files }: DeployAnswer): readonly string[] {
  return files.flatMap(({ precision, recipe }) => {
    if (!recipe) return []
    const parts = Object.entries(recipe).flatMap(([name, value]) => {
      const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      if (typeof value === 'boolean') return value ? [words] : []
      return [`${words} ${typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(2) : String(value)}`]
    })
    return [`${precision}: ${parts.join(', ')}`]
  })
}

function comparedText({ verifiedOn, images }: DeployAnswer): string {
  switch (verifiedOn) {
    case 'photos':
      return `on ${images} images`
    case 'synthetic':
      return `on ${images} synthetic inputs (give --data to compare what both say of photos)`
    case 'nothing':
      return 'with nothing: nothing here runs this format'
    default:
      return verifiedOn satisfies never
  }
}

function agreementText(report: DeployAnswer, summary: string): string {
  return report.verifiedOn === 'nothing' ? 'not checked: nothing here runs this format' : `${summary} ${comparedText(report)}`
}
