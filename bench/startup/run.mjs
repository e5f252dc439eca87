/**
 * What `mnas --help` costs over an empty oclif CLI: the one that `oclif generate` writes (plugin-help and plugin-plugins, no commands), made in
 * a temporary folder that links to this checkout's node_modules, so that both run the same oclif. The two are started in turn, wall time from
 * spawn to exit; the medians are compared.
 *
 *   node bench/startup/run.mjs [--rounds 15] [--save]      exit 1 when the difference exceeds the limit
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { provenance } from '../provenance.mjs'

const limitMs = 60
const root = fileURLToPath(new URL('../..', import.meta.url))
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, save: { type: 'boolean', default: false } },
})
const rounds = Number(options.rounds)

const emptyRoot = makeEmptyCli()
try {
  const programs = {
    node: ['-e', ''],
    'empty oclif --help': [join(emptyRoot, 'bin/run.js'), '--help'],
    'mnas --help': [join(root, 'bin/run.js'), '--help'],
    'mnas --version': [join(root, 'bin/run.js'), '--version'],
  }
  const result = report(timeInTurn(programs))
  print(result)
  if (options.save) writeFileSync(join(root, 'bench/results/startup.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.differenceMs <= limitMs ? 0 : 1
} finally {
  rmSync(emptyRoot, { recursive: true, force: true })
}

function makeEmptyCli() {
  const folder = mkdtempSync(join(tmpdir(), 'mnas-empty-oclif-'))
  const manifest = {
    name: 'empty',
    version: '0.0.0',
    type: 'module',
    bin: { empty: 'bin/run.js' },
    dependencies: { '@oclif/core': '*', '@oclif/plugin-help': '*', '@oclif/plugin-plugins': '*' },
    oclif: {
      bin: 'empty',
      commands: './dist/commands',
      topicSeparator: ' ',
      plugins: ['@oclif/plugin-help', '@oclif/plugin-plugins'],
    },
  }
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'dist/commands'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(
    join(folder, 'bin/run.js'),
    `import { execute, settings } from '@oclif/core'\nsettings.enableAutoTranspile = false\nawait execute({ dir: import.meta.url })\n`,
  )
  return folder
}

/** One of each in every round, so that the machine's moods meet all alike; the first round warms the file cache and is thrown away. */
function timeInTurn(programs) {
  const samplesMs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, argv] of Object.entries(programs)) {
      const before = performance.now()
      const { status, stderr } = spawnSync(process.execPath, argv, {
        encoding: 'utf8',
        env: { ...process.env, NODE_ENV: 'production' },
      })
      const elapsed = performance.now() - before
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
      if (round > 0) samplesMs[name].push(elapsed)
    }
  }
  return samplesMs
}

function report(samplesMs) {
  const medianMs = Object.fromEntries(Object.entries(samplesMs).map(([name, samples]) => [name, round(median(samples))]))
  return {
    ...provenance('node bench/startup/run.mjs --save'),
    rounds,
    medianMs,
    differenceMs: round(medianMs['mnas --help'] - medianMs['empty oclif --help']),
    limitMs,
    samplesMs: Object.fromEntries(Object.entries(samplesMs).map(([name, samples]) => [name, samples.map(round)])),
  }
}

function print({ medianMs, differenceMs }) {
  for (const [name, ms] of Object.entries(medianMs)) console.log(`${name.padEnd(20)} ${ms.toFixed(1).padStart(7)} ms`)
  console.log(
    `\nmnas over empty oclif: ${differenceMs.toFixed(1)} ms (limit ${limitMs} ms): ${differenceMs <= limitMs ? 'met' : 'exceeded'}`,
  )
}

function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function round(ms) {
  return Math.round(ms * 10) / 10
}
