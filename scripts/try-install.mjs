/**
 * What a user does who has no checkout: the packed packages are installed into an empty folder outside the repository, and the program there
 * searches, trains and deploys on a device that a plug-in linked from outside brings, and writes a device of its own. `node scripts/try-install.mjs`; npm must reach a registry.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { drawPictures } from '@mnas/plugin-search'
import { pack, root } from './pack.mjs'

const folder = mkdtempSync(join(tmpdir(), 'mnas-install-'))
const [app, plugin] = [join(folder, 'app'), join(folder, 'plugin')]
const program = join(app, 'node_modules', '.bin', 'mnas')
/** Nothing of this user's settings, plug-ins and cache. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:MNAS_|npm_|NODE_OPTIONS$)/.test(name))),
  ...Object.fromEntries(['DATA', 'CONFIG', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, join(folder, kind.toLowerCase())])),
  MNAS_PROGRESS: 'none',
  // No server of adb, whatever this computer has.
  MNAS_ADB: '',
}

try {
  const tarballs = pack(join(folder, 'tarballs'))
  for (const tarball of tarballs) checkContents(tarball)
  checkPublishing()
  install(tarballs)
  writePlugin()
  await useIt()
  createDevice()
  console.log('Packed, installed and used.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Built files alone, and what npm shows beside them. */
function checkContents(tarball) {
  const listed = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
  const names = listed.map((name) => name.replace(/^package\//, ''))
  for (const name of ['package.json', 'README.md', 'LICENSE']) assert(names.includes(name), `${basename(tarball)} lacks ${name}`)
  const expected =
    /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|oclif\.manifest\.json|bin\/run\.js|docs\/.*|driver\/\w+\.py|templates\/.*|dist\/.*\.(?:js|d\.ts|wasm)|dist\/(?:index\.html|icon\.svg|licences\.md|assets\/.*\.css))$/
  const others = names.filter((name) => !expected.test(name))
  assert.deepEqual(others, [], `${basename(tarball)} holds what it should not`)
  console.log(`${basename(tarball)}: ${names.length} files`)
}

/** npm warns of what it would have to correct in a package.json. */
function checkPublishing() {
  const args = ['publish', '--dry-run', '--workspaces', '--include-workspace-root']
  const { status, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const warnings = stderr.split('\n').filter((line) => /^npm warn publish/.test(line) && !line.includes('logged in'))
  assert.deepEqual(warnings, [], 'npm publish --dry-run warns')
}

/** Install scripts are off: none is needed, and one would fetch CUDA libraries (docs/adr/0011). */
function install(tarballs) {
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{"private": true}')
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', ...tarballs]
  execFileSync('npm', args, { cwd: app, stdio: ['ignore', 'inherit', 'inherit'] })
}

/** A device under another name, in a package that nobody installed; it finds mnas as a linked package would. */
function writePlugin() {
  mkdirSync(join(plugin, 'node_modules'), { recursive: true })
  symlinkSync(join(app, 'node_modules', '@mnas'), join(plugin, 'node_modules', '@mnas'), 'dir')
  const manifest = { api: 1, contributes: { device: { outside: './outside.js' } } }
  const description = { name: 'mnas-device-outside', version: '1.0.0', type: 'module', oclif: {}, mnas: manifest }
  writeFileSync(join(plugin, 'package.json'), JSON.stringify(description))
  const module = `import { replayDevice } from '@mnas/core/testing'\nexport default { ...replayDevice, name: 'outside' }\n`
  writeFileSync(join(plugin, 'outside.js'), module)
}

async function useIt() {
  await drawPictures({ folder: join(app, 'pictures'), training: 16, validation: 4, size: 40, seed: 5 })
  assert.equal(mnas('doctor').ok, true)
  execFileSync(program, ['plugins', 'link', plugin, '--no-install'], { cwd: app, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const { devices } = mnas('device', 'list')
  assert(
    devices.some(({ device }) => device === 'outside'),
    'the linked plug-in brings no device',
  )
  assert.equal(mnas('device', 'emulator', '--seconds', '1', '--fault', 'hot=3').emulated, true)
  const few = ['--threads', '1', '--workers', '1']
  const search = ['--size', '32', '--width', '0.35', '--target-latency', '6ms', '--trials', '1', '--proxy-epochs', '1', ...few]
  assert.equal(mnas('search', '--data', 'pictures', '--device', 'outside', '--out', 'run', ...search).counts.completed, 1)
  mnas('train', 'run', '--data', 'pictures', '--epochs', '1', '--batch', '8', '--out', 'model', ...few)
  const { files, device } = mnas('deploy', 'model', '--device', 'host', ...few)
  assert.equal(device, 'host')
  assert(files.length > 0, 'deploy wrote no file')
  for (const { file } of files) assert(existsSync(join(app, file)), `${file} is missing`)
  mnas('zoo', 'publish', 'model', '--to', 'zoo', '--name', 'me/model', '--licence', 'MIT')
  assert.equal(mnas('zoo', 'site', 'zoo', '--out', 'site').entries, 1)
  for (const name of ['index.html', 'licences.md', 'litert/litert_wasm_internal.wasm', 'zoo.json.gz'])
    assert(existsSync(join(app, 'site', name)), `the site lacks ${name}`)
}

/** A package that `device create` wrote: installed from the same tarballs, tested and used without an edit. */
function createDevice() {
  const device = join(folder, 'rover')
  mnas('device', 'setup', 'host', '--yes')
  mnas('device', 'create', 'rover', '--out', device, '--packages', join(folder, 'tarballs'))
  for (const args of [['install', '--no-audit', '--no-fund'], ['test']])
    execFileSync('npm', args, { cwd: device, env, stdio: ['ignore', 'inherit', 'inherit'] })
  execFileSync(program, ['plugins', 'link', device, '--no-install'], { cwd: app, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const few = ['--processes', '1', '--runs', '3']
  const timed = mnas('device', 'benchmark', 'mnasnet-small@0.35', '--device', 'rover', ...few)
  assert.equal(timed.device, 'rover')
  assert.equal(timed.numerics.agrees, true)
}

function mnas(...args) {
  console.log(`$ mnas ${args.join(' ')}`)
  const output = execFileSync(program, [...args, '--json'], {
    cwd: app,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(output)
}
