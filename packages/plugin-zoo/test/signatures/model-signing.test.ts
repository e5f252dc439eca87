import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey, readPrivateKey } from '#internal/signatures/keys.js'
import { signFiles } from '#internal/signatures/sign-files.js'
import { signingPython, verifyWithPython } from '../../../../test/support/python/signing-python.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'

const python = signingPython()
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('model-signing')
})
afterAll(() => folder.remove())

/** With a folder and a file of nearly its name, which Python sorts otherwise than their texts. */
const contents = { 'entry.json': '{}', 'exports/a.tflite': 'file', 'exports.json': '[]', 'exports/a.tfjs/model.json': '{}' }

describe.skipIf(python === null)(`model_signing${python === null ? ' (skipped: MNAS_SIGNING_PYTHON is not set)' : ''}`, () => {
  it('accepts our signature, refuses one changed byte of a file, and another key', async () => {
    const model = join(folder.path, 'model')
    for (const [path, text] of Object.entries(contents)) {
      await mkdir(dirname(join(model, path)), { recursive: true })
      await writeFile(join(model, path), text)
    }
    const key = await makeKey(join(folder.path, 'key'))
    const other = await makeKey(join(folder.path, 'other'))
    const files = Object.entries(contents).map(([path, text]) => ({ path, sha256: hashBytes(text) }))
    await writeFile(join(model, 'model.sig'), signFiles('me/photos@1.0.0', files, await readPrivateKey(key.privatePath)))
    expect(await verifyWithPython(python!, model, key.publicPath)).toMatchObject({ accepted: true })
    expect(await verifyWithPython(python!, model, other.publicPath)).toMatchObject({
      accepted: false,
      said: expect.stringMatching(/mismatch/i),
    })
    const changed = await readFile(join(model, 'exports/a.tflite'))
    changed[0]! ^= 1
    await writeFile(join(model, 'exports/a.tflite'), changed)
    expect(await verifyWithPython(python!, model, key.publicPath)).toMatchObject({
      accepted: false,
      said: expect.stringContaining('exports/a.tflite'),
    })
  })
})
