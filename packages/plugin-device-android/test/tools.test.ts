import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OptionValues } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { testContext } from '@mnas/core/testing'
import { androidDriver } from '@mnas/plugin-device-android'
import { afterAll, describe, expect, it } from 'vitest'
import { portOf } from '#internal/emulator/tool/tool-service.js'
import { abiOf } from '#internal/tools/program-abi.js'
import { storedTool } from '#internal/tools/tool-store.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-tools-'))
const cacheFolder = join(folder, 'cache')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const context = testContext([], { cacheFolder })

/** The beginning of a program as Android's linker reads it, and some words of the tool. */
function program(machine: number, bits: 1 | 2, words = ''): Buffer {
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, bits, 1, 1])
  header.writeUInt16LE(machine, 18)
  return Buffer.concat([header, Buffer.from(words)])
}

const setUp = (options: OptionValues) => androidDriver.setup!.run({ selector: undefined, options }, context)
const plan = (options: OptionValues) => androidDriver.setup!.plan({ selector: undefined, options }, context)

describe('a benchmark_model', () => {
  it('is for the processor that its header names', () => {
    expect(abiOf(program(183, 2))).toBe('arm64-v8a')
    expect(abiOf(program(40, 1))).toBe('armeabi-v7a')
    expect(abiOf(program(62, 2))).toBe('x86_64')
    expect(abiOf(program(3, 1))).toBe('x86')
    expect(abiOf(program(8, 1))).toBe('an unknown machine (8)')
    expect(abiOf(Buffer.from('#!/bin/sh\n'))).toBe('script')
    for (const no of ['', 'PK', '<html>']) expect(abiOf(Buffer.from(no))).toBeNull()
  })

  it('is set up from a path, one for each processor', async () => {
    const [arm, intel] = [program(183, 2, 'benchmark_litert_model.h'), program(62, 2)]
    const path = join(folder, 'tool')
    writeFileSync(path, arm)
    const sha256 = hashBytes(arm)
    expect(await plan({ 'benchmark-model': path, sha256 })).toEqual([
      `copy ${path}`,
      `check that its sha256 is ${sha256}`,
      `keep it in ${cacheFolder} for phones of its processor`,
    ])
    const runtime = await setUp({ 'benchmark-model': path, sha256: sha256.toUpperCase() })
    expect(runtime).toEqual({ name: 'benchmark_model', version: 'compiled-model', sha256 })
    writeFileSync(path, intel)
    await setUp({ 'benchmark-model': path })
    const stored = await storedTool(cacheFolder, 'arm64-v8a')
    expect(stored).toMatchObject({ abi: 'arm64-v8a', dialect: 'compiled-model', sha256, sizeBytes: arm.length })
    expect(readFileSync(stored!.path)).toEqual(arm)
    expect(await storedTool(cacheFolder, 'x86_64')).toMatchObject({ dialect: 'classic' })
    expect(await storedTool(cacheFolder, 'x86')).toBeNull()
  })

  it('is downloaded, and taken only with the content that was expected', async () => {
    const bytes = program(183, 2)
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/tool' ? 200 : 404
      response.end(bytes)
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    try {
      const address = `http://127.0.0.1:${portOf(server)}`
      const failed = { code: 'MNAS_ANDROID_DOWNLOAD', exitCode: 5 }
      await expect(setUp({ 'benchmark-model': `${address}/tool`, sha256: hashBytes(Buffer.from('')) })).rejects.toMatchObject(
        failed,
      )
      await expect(setUp({ 'benchmark-model': `${address}/other`, sha256: hashBytes(bytes) })).rejects.toThrow('404')
      const runtime = await setUp({ 'benchmark-model': `${address}/tool`, sha256: hashBytes(bytes) })
      expect(runtime).toMatchObject({ version: 'classic', sha256: hashBytes(bytes) })
      const unknown = setUp({ 'benchmark-model': `${address}/tool` })
      await expect(unknown).rejects.toMatchObject({ code: 'MNAS_ANDROID_SETUP', exitCode: 2 })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('is refused when it is none, with what is missing', async () => {
    const path = join(folder, 'page.html')
    writeFileSync(path, '<html>')
    await expect(setUp({ 'benchmark-model': path })).rejects.toMatchObject({ code: 'MNAS_ANDROID_DOWNLOAD' })
    await expect(setUp({ 'benchmark-model': join(folder, 'none') })).rejects.toThrow('it does not exist')
    for (const options of [{}, { 'benchmark-model': path, sha256: 'abc' }])
      await expect(setUp(options)).rejects.toMatchObject({ code: 'MNAS_ANDROID_SETUP', exitCode: 2 })
  })
})
