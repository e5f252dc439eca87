import { createHash } from 'node:crypto'

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** A release that `publishInto` takes, for what a list says of it. @param summary as a list has it */
export function publication(summary) {
  const model = Buffer.from('{}')
  const file = { path: 'model.json', sha256: hash(model), sizeBytes: model.length, role: 'model' }
  const { name, release, task, architectureName, inputSize, parameters, multiplyAdds, classes } = summary
  const entry = {
    ...{ version: 1, name, release, task, architecture: hash('architecture'), architectureName },
    ...{ inputSize, parameters, multiplyAdds, classes, files: [file], accuracy: [], latency: [], supersedes: null },
    lineage: {
      ...{ kind: 'training', job: hash('job'), recipe: 'quick', seed: 1, epochs: 3, data: hash('data') },
      ...{ parent: null, search: null },
    },
    licence: { weights: summary.licence, code: 'Apache-2.0', data: [], text: null, relicensed: null },
    card: { summary: summary.summary, intendedUse: 'a'.repeat(2000), limits: 'b'.repeat(2000), risks: 'c'.repeat(2000) },
  }
  const bytes = Buffer.from(JSON.stringify(entry, null, 2))
  return {
    entry: bytes,
    summary: { ...summary, digest: hash(bytes), entryBytes: bytes.length },
    card: Buffer.from(`# ${name}\n${'text '.repeat(1000)}`),
    files: new Map([[file.sha256, { bytes: model }]]),
  }
}
