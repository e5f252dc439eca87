import { stringify } from 'yaml'
import type { AccuracyClaim } from '../../entry/claims.js'
import type { EntryFile, ZooEntry } from '../../entry/entry-schema.js'

type Described = Pick<ZooEntry, 'name' | 'task' | 'licence' | 'accuracy' | 'lineage' | 'architectureName'> & {
  readonly files: readonly EntryFile[]
}

/** What the hub calls our tasks; another task has none there. */
const pipelines: Readonly<Record<string, string>> = {
  classification: 'image-classification',
  detection: 'object-detection',
}
/** What it calls metrics that it knows; others keep our name. */
const metricTypes: Readonly<Record<string, string>> = { top1: 'accuracy', top5: 'top_5_accuracy', mAP: 'mean_average_precision' }

/**
 * The front matter of a card as the Hugging Face hub reads it (its documentation, «Model Cards»; `model-index` as ModelCard
 * loads it).
 */
export function frontMatter(entry: Described): string {
  const { name, task, licence, accuracy } = entry
  const parent = entry.lineage.kind === 'published' ? null : (entry.lineage.parent?.name ?? null)
  const pipeline = pipelines[task]
  const datasets = [...new Set([...licence.data.map((data) => data.name), ...accuracy.map(({ dataset }) => dataset.name)])]
  // Of the weights, or of the architecture: the hub cannot tell numbers of an export from the model's.
  const weights = entry.files.find(({ role }) => role === 'weights')?.sha256 ?? null
  const results = accuracy.filter(({ file }) => file === weights).map((claim) => resultOf(claim, pipeline ?? task))
  const matter = {
    ...licenseOf(licence.weights),
    library_name: 'mnas',
    ...(pipeline && { pipeline_tag: pipeline }),
    tags: ['mnas', entry.architectureName],
    ...(parent !== null && { base_model: parent.replace(/^hf:|@.*$/g, '') }),
    ...(datasets.length > 0 && { datasets: datasets.map(datasetId) }),
    ...(results.length > 0 && { 'model-index': [{ name: name.split('/')[1], results }] }),
  }
  return `---\n${stringify(matter, { lineWidth: 0 })}---\n`
}

/** The hub has names of its own, in lower case, for single licences. */
function licenseOf(spdx: string) {
  const known = ['mit', 'apache-2.0', 'bsd-2-clause', 'bsd-3-clause', 'cc0-1.0', 'cc-by-4.0', 'cc-by-sa-4.0', 'cc-by-nc-4.0']
  const license = spdx.toLowerCase()
  return known.includes(license) ? { license } : { license: 'other', license_name: spdx.replaceAll(' ', '-').toLowerCase() }
}

function resultOf({ dataset, metrics, source, basis }: AccuracyClaim, task: string) {
  const { name, split, fingerprint } = dataset
  return {
    task: { type: task },
    dataset: { name, type: datasetId(name), split, ...(fingerprint !== null && { revision: fingerprint }) },
    metrics: Object.entries(metrics)
      .filter(([metric]) => metric !== 'count')
      .map(([metric, value]) => ({ type: metricTypes[metric] ?? metric, name: metric, value })),
    ...(source !== undefined && { source: { name: basis, url: source } }),
  }
}

const datasetId = (name: string) => name.toLowerCase().replace(/[^a-z0-9._/-]+/g, '-')
