import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { timingOf } from '@mnas/core/measurement'
import { testFile } from '@mnas/core/testing'
import { LiteRtTool, parseDriverAnswer } from '@mnas/remote-device'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { localShell } from './support/local-shell.js'
import { mutate, mutation } from './support/mutation.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-litert-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An answer as the driver writes it. */
function vouched(answer: object): string {
  const line = JSON.stringify(answer)
  return `${line}\n{"sha256": "${createHash('sha256').update(line).digest('hex')}"}\n`
}
const times = { initMs: 3.25, firstMs: 9.5, timesMs: [8.125, 8.5, 8.25], peakBytes: 47960064 }

describe('what the driver says', () => {
  it('is times, outputs or an error', () => {
    expect(parseDriverAnswer(vouched(times))).toEqual({
      kind: 'timing',
      timing: { ...timingOf(times.timesMs), initMs: 3.25, firstMs: 9.5, peakBytes: 47960064 },
    })
    expect(parseDriverAnswer(vouched({ outputs: [{ name: 'scores', base64: 'AACAPw==' }] }))).toEqual({
      kind: 'outputs',
      outputs: { scores: Buffer.from(new Float32Array([1]).buffer) },
    })
    const error = { about: 'model', message: 'LiteRT cannot prepare the model (status 4)' }
    expect(parseDriverAnswer(vouched({ error }))).toEqual({ kind: 'error', ...error })
  })

  it('may stand between words of other programs', () => {
    expect(parseDriverAnswer(`WARNING: x\r\n${vouched(times).replaceAll('\n', '\r\n')}bye`)).toMatchObject({ kind: 'timing' })
  })

  it.each([
    ['nothing', ''],
    ['a line that nobody vouches for', `${JSON.stringify(times)}\n`],
    ['two answers', vouched(times) + vouched(times)],
    ['a warning within', vouched(times).replace('\n', '\nWARNING\n')],
    ['a run of no time', vouched({ ...times, timesMs: [8, 0] })],
    ['no runs', vouched({ ...times, timesMs: [] })],
    ['an output without a name', vouched({ outputs: [{ base64: 'AACAPw==' }] })],
    ['an unknown error', vouched({ error: { about: 'weather', message: 'rain' } })],
    ['something else', vouched([1, 2])],
  ])('is no answer: %s', (_, output) => {
    expect(parseDriverAnswer(output)).toBeNull()
  })

  it('damaged, never gives a number that was not there', () => {
    const whole = parseDriverAnswer(vouched(times))
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (changes) => {
        const answer = parseDriverAnswer(changes.reduce(mutate, vouched(times)))
        if (answer !== null) expect(answer).toEqual(whole)
      }),
      { numRuns: Number(process.env['MNAS_TEST_TRANSCRIPTS'] ?? 500) },
    )
  })
})

const driver = fileURLToPath(new URL('../driver/litert_driver.py', import.meta.url))
const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.warn('Tests of the LiteRT driver are skipped: there is no python3.')

describe.skipIf(!python)('the driver', () => {
  const says = (...words: readonly string[]) => {
    const { stdout, status } = spawnSync('python3', [driver, ...words], { encoding: 'utf8' })
    return { status, answer: parseDriverAnswer(stdout) }
  }

  it('says what stands in its way', () => {
    const refused = (about: string, message: string) => ({
      status: 1,
      answer: { kind: 'error', about, message: expect.stringContaining(message) },
    })
    expect(says()).toEqual(refused('arguments', 'time|infer'))
    expect(says('time', '/lib', '/model', 'two', '5')).toEqual(refused('arguments', 'whole numbers'))
    expect(says('time', '/lib', '/model', '2')).toEqual(refused('arguments', 'whole numbers'))
    expect(says('time', join(folder, 'none.so'), '/model', '1', '5')).toEqual(refused('library', 'none.so'))
  })

  const tool = async (program: string) => {
    const library = join(folder, 'library.so')
    writeFileSync(library, 'no library')
    const made = new LiteRtTool({
      shell: localShell(),
      folder: join(folder, 'there'),
      python: program,
      library: { name: 'litert', version: '1', sha256: sha256('no library'), path: library, sizeBytes: 10 },
      cacheFolder: join(folder, 'cache'),
      limitSeconds: 30,
      signal: new AbortController().signal,
    })
    await made.prepare()
    return made
  }
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const run = { model: '/none.tflite', threads: 1, flags: {}, coreMask: null }

  it('on a device: a library that does not load, or a Python that is not there, is an error of the tool', async () => {
    await expect((await tool('python3')).time(run, 3)).rejects.toMatchObject({ code: 'MNAS_REMOTE_TOOL', exitCode: 5 })
    await expect((await tool('no-such-python')).time(run, 3)).rejects.toMatchObject({ code: 'MNAS_REMOTE_TOOL', exitCode: 5 })
    expect(await (await tool('python3')).infer(run, testFile(), {})).toBeNull()
  })

  it('that ends without an answer, or with fewer runs than were asked for, gave no timing', async () => {
    const python = async (name: string, body: string) => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
      return tool(join(folder, name))
    }
    const few = await python('few', `cat <<'END'\n${vouched(times)}END`)
    expect(await few.time(run, 3)).toMatchObject({ count: 3, medianMs: 8.25 })
    await expect(few.time(run, 4)).rejects.toMatchObject({ code: 'MNAS_REMOTE_NO_TIMING' })
    await expect((await python('crash', 'kill -11 $$')).time(run, 3)).rejects.toMatchObject({ code: 'MNAS_REMOTE_RUN' })
  })
})
