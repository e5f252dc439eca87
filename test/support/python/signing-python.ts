import { execFile } from 'node:child_process'

/**
 * A Python with model_signing, or null: then say that the test is skipped.
 * @throws where CI is set: there it must be present (.ci/model-signing makes it)
 */
export function signingPython(): string | null {
  const python = process.env['MNAS_SIGNING_PYTHON']
  if (python) return python
  if (process.env['CI']) throw new Error('MNAS_SIGNING_PYTHON is not set: export MNAS_SIGNING_PYTHON="$(.ci/model-signing)"')
  return null
}

export interface SigningVerdict {
  readonly accepted: boolean
  readonly said: string
}

/** What model_signing says of a folder with its model.sig. @param publicKey path of a PEM file */
export function verifyWithPython(python: string, folder: string, publicKey: string): Promise<SigningVerdict> {
  const args = ['-m', 'model_signing', 'verify', 'key', folder, '--signature', `${folder}/model.sig`, '--public_key', publicKey]
  return new Promise((resolve) => {
    execFile(python, args, (error, stdout, stderr) => resolve({ accepted: error === null, said: `${stdout}${stderr}` }))
  })
}
