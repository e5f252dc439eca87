import { jsonText } from '../../files/index.js'
import { pluginApi } from '../plugin-manifest.js'

/** Where packages of mnas come from, by name, when not from the registry. */
export type OwnPackages = Readonly<Record<string, string>>

const compile =
  'tsc src/index.ts --outDir dist --rootDir src --declaration --target es2022 --module nodenext --types node --strict'

/** @param version of mnas and all its packages */
export function devicePackageJson(name: string, version: string, ours: OwnPackages): string {
  const from = (packageName: string) => ({ [packageName]: ours[packageName] ?? version })
  return jsonText({
    name: `mnas-device-${name}`,
    version: '0.1.0',
    description: `Device ${name} for mnas`,
    type: 'module',
    engines: { node: '>=20.19' },
    files: ['dist'],
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    scripts: { build: compile, prepare: 'npm run build', test: 'vitest run' },
    dependencies: { ...from('@mnas/core'), ...from('@mnas/remote-device') },
    devDependencies: { ...from('@mnas/tflite'), '@types/node': '^20.19.0', typescript: '^7.0.2', vitest: '^4.1.0' },
    // It needs none of its own: what it runs comes built.
    allowScripts: { koffi: false },
    oclif: {},
    mnas: { api: pluginApi, contributes: { device: { [name]: './dist/index.js' } } },
  })
}
