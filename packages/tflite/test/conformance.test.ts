import { fileFormatConformance, testSurroundings } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { afterAll, describe, it } from 'vitest'
import { testedRuntimes } from './support/runtimes.js'

for (const { name, missing, create } of await testedRuntimes()) {
  describe.skipIf(missing)(`tflite through ${name}`, () => {
    const runtime = create()
    // All files through one process: as many starts would take longer than what is tested.
    const started = runtime.start!(testSurroundings())
    afterAll(() => started.close())
    const cases = fileFormatConformance(tfliteExporter, { ...runtime, run: (file, inputs) => started.run(file, inputs) })
    for (const { name: title, run } of cases) it(title, run)
  })
}
