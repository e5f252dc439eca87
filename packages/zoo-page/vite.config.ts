import { defineConfig, type Plugin } from 'vite'
import { nameLicences } from './scripts/name-licences.js'

/**
 * Our packages do nothing on being loaded that the page would miss: what of them it does not use, and with it all of Node, falls away. Their tests
 * and the other packages go by what package.json says of them.
 */
const ours = /node_modules\/@mnas\/|packages\/(?:core|images|plugin-zoo|tflite)\//
const treeshake = { moduleSideEffects: (id: string) => !ours.test(id) }

/** A page has no Node: code of ours that wants some came in by a wrong import. */
const withoutNode: Plugin = {
  name: 'mnas:without-node',
  generateBundle(_, bundle) {
    const included = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    const wrong = included.filter(
      (id) => ours.test(id) && this.getModuleInfo(id)?.importedIds.some((of) => of.includes('browser-external')),
    )
    if (wrong.length > 0) throw new Error(`The page imports modules of Node by ${wrong.join(', ')}`)
  },
}

const { ofPage, ofWorkers } = nameLicences()

/** All paths are relative: the page works from any folder of any web server. */
export default defineConfig({
  base: './',
  plugins: [withoutNode, ofPage],
  worker: { format: 'iife', plugins: () => [withoutNode, ofWorkers], rolldownOptions: { treeshake } },
  build: {
    target: 'es2022',
    // data: addresses would need another Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { treeshake },
  },
})
