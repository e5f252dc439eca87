import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { picture, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { trainingPlan } from './support/image-folder.js'

async function photos(): Promise<string> {
  const folder = await temporaryFolder()
  const bytes = await picture(11, 'jpeg', 640, 480)
  for (const label of ['a', 'b'])
    for (let number = 0; number < 30; number++) await writeFiles(folder, { [`${label}/${number}.jpg`]: bytes })
  return folder
}

/** How a process ends that runs a script: a file, since threads inherit what stands on the command line. */
async function endOf(script: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  const folder = await temporaryFolder()
  await writeFiles(folder, { 'script.mjs': script })
  return promisify(execFile)(process.execPath, [join(folder, 'script.mjs'), ...args]).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }) => ({ code, stderr }),
  )
}

describe('a process', () => {
  it('may end, throw or close its data in the middle of decoding', async () => {
    const folder = await photos()
    const script = `
      const { openImageFolder } = await import(${JSON.stringify(new URL('../dist/open-image-folder.js', import.meta.url).href)})
      const [folder, how, batches] = process.argv.slice(2)
      const dataset = await openImageFolder({ folder, cacheFolder: folder + '-none', cacheLimitBytes: 0 })
      const plan = { ...${JSON.stringify(trainingPlan)}, inputSize: 224 }
      let taken = 0
      for await (const _ of dataset.batches(plan, { epoch: 0, index: 0 }, 3, new AbortController().signal)) {
        if (++taken < Number(batches)) continue
        if (how === 'throw') setTimeout(() => { throw new Error('on purpose') })
        if (how === 'close') await dataset.close()
        if (how !== 'throw') process.exit(7)
      }`
    for (const how of ['exit', 'throw', 'close'])
      for (const batches of [2, 6]) {
        const { code, stderr } = await endOf(script, folder, how, String(batches))
        expect([how, batches, code, /Napi|terminate called/.test(stderr)]).toEqual([how, batches, how === 'throw' ? 1 : 7, false])
      }
  })

  it('may end while a cache is built', async () => {
    const folder = await photos()
    const script = `
      const { openImageFolder } = await import(${JSON.stringify(new URL('../dist/open-image-folder.js', import.meta.url).href)})
      const [folder, cacheFolder, images] = process.argv.slice(2)
      let begun = 0
      const whileWorking = (work) => { if (++begun > Number(images)) setImmediate(() => process.exit(7)); return work() }
      const dataset = await openImageFolder({ folder, cacheFolder, cacheLimitBytes: 1e9, whileWorking })
      for await (const _ of dataset.batches(${JSON.stringify(trainingPlan)}, { epoch: 0, index: 0 }, 0, new AbortController().signal)) break`
    for (const images of [1, 3, 9, 17]) {
      const { code, stderr } = await endOf(script, folder, await temporaryFolder(), String(images))
      expect([images, code, stderr]).toEqual([images, 7, ''])
    }
  })
})
