/** Publishes what lies in a folder into a zoo, and says each step before it is taken: `node publish-process.mjs ZOO PUBLICATION`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishInto } from '../../../packages/plugin-zoo/dist/publish/publish-into.js'
import { folderStore } from '../../../packages/plugin-zoo/dist/stores/folder/folder-store.js'

const [zoo = '', folder = ''] = process.argv.slice(2)
const store = folderStore(zoo, zoo)
/** @param {string} step */
const say = (step) => void process.stdout.write(`${step}\n`)
const told = {
  ...store,
  /** @type {typeof store.create} */
  create: (key, source) => {
    say(`create ${key}`)
    return store.create(key, source)
  },
  /** @type {typeof store.replace} */
  replace: (key, bytes, expected) => {
    say(`replace ${key}`)
    return store.replace(key, bytes, expected)
  },
}
const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))
const hashes = /** @type {string[]} */ (JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')))
const publication = {
  entry: readFileSync(join(folder, 'entry.json')),
  card: readFileSync(join(folder, 'README.md')),
  files: new Map(hashes.map((hash) => /** @type {const} */ ([hash, { path: join(folder, hash) }]))),
  summary,
}
const { kind } = await publishInto(told, publication, new AbortController().signal)
say(kind)
