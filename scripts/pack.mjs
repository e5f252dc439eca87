/** Packs every package into tarballs, as npm would publish them: `node scripts/pack.mjs [FOLDER]` (default: ./tarballs, emptied first). */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** @returns {readonly string[]} the tarballs */
export function pack(folder) {
  const npm = (...args) => execFileSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  npm('run', 'build')
  npm('pack', '--silent', '--workspaces', '--include-workspace-root', '--pack-destination', folder)
  return readdirSync(folder).map((name) => join(folder, name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const tarball of pack(resolve(process.argv[2] ?? join(root, 'tarballs')))) console.log(tarball)
}
