import { fileFormatConformance } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { describe, it } from 'vitest'
import { testedRuntimes } from './support/runtimes.js'

for (const { name, missing, create } of await testedRuntimes()) {
  describe.skipIf(missing)(`tflite through ${name}`, () => {
    for (const { name: title, run } of fileFormatConformance(tfliteExporter, create())) it(title, run)
  })
}
