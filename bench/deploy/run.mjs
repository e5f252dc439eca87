/**
 * Quantised files of trained models: size, operators, latency, accuracy, agreement with the engine, ours and those of the official converter and of
 * Google's quantizer from the same weights and calibration images.
 *
 *   node bench/deploy/run.mjs --models a1=models/a1,small=models/small --data DIR [--draws 0,1,2] [--calibration 200] [--pairs 15] [--save]
 *
 * The peers take part where MNAS_QUANTIZER_PYTHON names a Python that has them (README.md). Each file is compared on every picture of the data that no
 * draw calibrated, and on val/ alone. Latencies: LiteRT, one thread, a fresh process a time, all files in turn; the median over the pairs of
 * the ratio to float32. Bundles are those of `mnas train`.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defaultCacheFolder } from '@mnas/core/config'
import { provenance } from '../provenance.mjs'
import { officialFiles, quantizerFiles } from './peers.mjs'
import { engineAnswers, mediapipeAgreement, readersOf } from './readers.mjs'
import { openWorkshop, timeInTurn } from './workshop.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    data: { type: 'string' },
    draws: { type: 'string', default: '0,1,2' },
    calibration: { type: 'string', default: '200' },
    pairs: { type: 'string', default: '15' },
    save: { type: 'boolean', default: false },
  },
})
if (!options.models || !options.data) throw new Error('Say which models (--models NAME=FOLDER,…) and which pictures (--data DIR)')
const draws = options.draws.split(',').map(Number)
const [calibration, pairs] = [Number(options.calibration), Number(options.pairs)]
const python = process.env.MNAS_QUANTIZER_PYTHON
const mediapipe = process.env.MNAS_MEDIAPIPE_PYTHON
const ours = ['float32', 'float16', 'weights', 'dynamic', 'int8']

const folder = mkdtempSync(join(tmpdir(), 'mnas-deploy-'))
try {
  const answers = {}
  for (const pair of options.models.split(',')) {
    const [name, bundle] = pair.split('=')
    answers[name] = await compare(name, bundle)
    console.log(`${name}: files written and compared`)
  }
  console.log('Latencies: nothing else should run now.')
  const models = {}
  for (const [name, { timed, ...told }] of Object.entries(answers)) {
    const latencies = await timeInTurn(timed, pairs)
    const files = Object.entries(told.files).map(([kind, file]) => [kind, { ...file, ...latencies[kind] }])
    models[name] = { ...told, files: Object.fromEntries(files) }
    print(name, models[name])
  }
  if (python) printAgainstPeers(models)
  const result = {
    ...provenance(`node bench/deploy/run.mjs ${withoutFolders(process.argv.slice(2).join(' '))}`),
    options: Object.fromEntries(Object.entries(options).map(([name, value]) => [name, withoutFolders(String(value))])),
    models,
  }
  if (options.save) writeFileSync(join(root, 'bench/results/deploy.json'), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function compare(name, bundle) {
  const workshop = await openWorkshop({ bundle, data: options.data, cacheFolder: defaultCacheFolder() })
  try {
    const drawn = []
    for (const seed of draws) drawn.push(await workshop.draw({ images: calibration, seed }))
    const except = new Set(drawn.flatMap(({ identities }) => [...identities]))
    const byDraw = []
    for (const [index, draw] of drawn.entries()) byDraw.push(await filesOf(workshop, name, draw, index))
    const compared = []
    for (const files of byDraw) {
      const all = await workshop.compare(files, 'all', except)
      const validation = await workshop.compare(files, 'validation', except)
      compared.push({ all, validation })
    }
    const [first] = byDraw
    const read = await readFiles(workshop, bundle, first, drawn[0])
    return {
      timed: first,
      bundle: workshop.model.name,
      images: { all: compared[0].all.images, validation: compared[0].validation.images, calibration },
      engine: { all: compared[0].all.quality, validation: compared[0].validation.quality },
      files: Object.fromEntries(
        Object.entries(first).map(([kind, file]) => [
          kind,
          {
            sizeBytes: file.sizeBytes,
            operators: workshop.operatorsOf(file.path),
            ...read[kind],
            draws: compared.map(({ all, validation }, index) => ({
              seed: draws[index],
              recipe: byDraw[index][kind].recipe ?? null,
              all: all.files[kind],
              validation: validation.files[kind],
            })),
          },
        ]),
      ),
    }
  } finally {
    await workshop.close()
  }
}

async function filesOf(workshop, name, draw, index) {
  const place = (kind) => join(folder, `${name}-${index}-${kind}.tflite`)
  const files = {}
  for (const precision of ours) files[precision] = await workshop.write(precision, place(precision), draw)
  if (!python) return files
  const request = { python, folder, float32: files.float32, layers: workshop.layers(), draw, place }
  return { ...files, ...(await workshop.foreign(officialFiles(request))), ...(await workshop.foreign(quantizerFiles(request))) }
}

/** What runs our files: the largest distance of a logit from the engine's on the calibration images, and MediaPipe on all of val/. */
async function readFiles(workshop, bundle, files, draw) {
  const examples = draw.examples.map(({ inputs: { image } }) => image)
  const around = { runtimes: workshop.runtimes, python, folder, examples, logits: await workshop.logitsOf(draw) }
  const photos = mediapipe ? photosOf(join(options.data, 'val')) : []
  const answers = mediapipe ? engineAnswers(bundle, photos) : []
  const { fraction } = workshop.model.preprocessing.fit
  const read = {}
  for (const precision of ours) {
    const readers = await readersOf(files[precision], around)
    const agreement = mediapipe && mediapipeAgreement(mediapipe, files[precision], { fraction, photos, answers })
    read[precision] = { readers, ...(mediapipe && { mediapipe: { photos: photos.length, agreement } }) }
  }
  return read
}

function photosOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => /\.jpe?g$/i.test(entry.name)).map(({ parentPath, name }) => join(parentPath, name))
}

function print(name, { images, engine, files }) {
  console.log(
    `\n${name}: ${images.all} pictures, ${images.validation} of val/; the model itself ${percent(engine.all)}, ${percent(engine.validation)}`,
  )
  for (const [kind, { sizeBytes, operators, latencyMs, ratio, readers, mediapipe: client, draws: each }] of Object.entries(
    files,
  )) {
    const [accuracy, same, kl] = ['quality', 'sameAnswers', 'distance'].map((key) => mean(each, ({ all }) => all[key]))
    const cells = [
      kind.padEnd(20),
      `${sizeBytes}`.padStart(10),
      `${operators}`.padStart(5),
      `${latencyMs.toFixed(3)} ms`.padStart(10),
      `${ratio.toFixed(2)} ×`.padStart(8),
      percent(accuracy).padStart(8),
      percent(same).padStart(9),
      kl.toPrecision(2).padStart(9),
    ]
    console.log(cells.join(' '))
    for (const [reader, distance] of Object.entries(readers ?? {}))
      console.log(
        `  ${reader}: ${typeof distance === 'number' ? `logits within ${distance.toExponential(1)} of their range` : distance}`,
      )
    if (client) console.log(`  MediaPipe answers as the engine on ${percent(client.agreement)} of ${client.photos} photos`)
  }
}

/** What int8 files lose, ours by that of the peer that loses less: 1 − the share of the same answers, and mean KL. */
function printAgainstPeers(models) {
  const ratios = Object.entries(models).map(([name, { files }]) => {
    const lost = (kind) => mean(files[kind].draws, ({ all }) => 1 - all.sameAnswers)
    const kl = (kind) => mean(files[kind].draws, ({ all }) => all.distance)
    const least = (of) => Math.min(of('official int8'), of('quantizer int8'))
    return { name, disagreement: lost('int8') / least(lost), distance: kl('int8') / least(kl) }
  })
  console.log('\nint8 by the better peer:')
  for (const { name, disagreement, distance } of ratios)
    console.log(`  ${name.padEnd(10)} disagreement ${disagreement.toFixed(2)} ×, KL ${distance.toFixed(2)} ×`)
  const [a, b] = ['disagreement', 'distance'].map((key) => mean(ratios, (one) => one[key]).toFixed(2))
  console.log(`  mean       disagreement ${a} ×, KL ${b} ×`)
}

function mean(list, of) {
  return list.reduce((sum, one) => sum + of(one), 0) / list.length
}

/** Where things lay on one computer is nobody's business. */
function withoutFolders(text) {
  return text.replaceAll(/(?:[\w.-]*\/)+/g, '')
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}
