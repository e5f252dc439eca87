import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatOfPath, modelFileAt, parseDevice } from '@mnas/core/measurement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnas-measurement-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('arguments', () => {
  it('parses --device', () => {
    expect(parseDevice('host')).toEqual({ driver: 'host', selector: undefined })
    expect(parseDevice('android:emulator-5554')).toEqual({ driver: 'android', selector: 'emulator-5554' })
    expect(parseDevice('replay:C:\\table.json')).toEqual({ driver: 'replay', selector: 'C:\\table.json' })
  })

  it('knows a model file by its extension', () => {
    expect(formatOfPath('a/b.TFLITE', ['tflite'])).toBe('tflite')
    expect(formatOfPath('mnasnet-a1@0.5', ['tflite'])).toBeUndefined()
  })

  it('describes a file by its content', async () => {
    const path = join(folder, 'a.tflite')
    writeFileSync(path, 'x')
    const described = await modelFileAt(path, 'tflite')
    expect(described).toMatchObject({ format: 'tflite', path, sizeBytes: 1 })
    writeFileSync(path, 'y')
    expect((await modelFileAt(path, 'tflite')).structure).not.toBe(described.structure)
    await expect(modelFileAt(join(folder, 'none.tflite'), 'tflite')).rejects.toMatchObject({ code: 'MNAS_FILE_MISSING' })
  })
})
