import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import { pushChecked, quote, remoteErrors, runGuarded, runSealed } from '@mnas/remote-device'
import fc from 'fast-check'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { unseal } from '#internal/shell/seal.js'
import { localShell } from './support/local-shell.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-shell-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const limits = () => ({ limitMs: 10_000, signal: new AbortController().signal })
const lost = { code: 'MNAS_DEVICE_LOST', exitCode: 5 }
const expired = remoteErrors.MNAS_REMOTE_TIMEOUT({ device: 'local', what: 'A command', limitSeconds: 1 })

describe('a sealed command', () => {
  it('says its status, whatever the connection says', async () => {
    expect(await runSealed(localShell(), 'printf half; echo bad >&2; (exit 7)', limits())).toEqual({
      stdout: 'half',
      stderr: 'bad\n',
      exitCode: 7,
    })
    expect(await runSealed(localShell(), 'true', limits())).toMatchObject({ stdout: '', exitCode: 0 })
  })

  it('without its seal it is lost, even when it ended well by its own account', async () => {
    const breaking = localShell({ run: async () => ({ stdout: 'partial out', stderr: '' }) })
    await expect(runSealed(breaking, 'true', limits())).rejects.toMatchObject(lost)
    await expect(runSealed(breaking, 'true', limits())).rejects.toThrow('last it said: partial out')
  })

  it('that runs out of time was slow where the device still answers; else the device is lost', async () => {
    const slow = localShell({
      run: (line, limit) => (line.includes('sleep') ? Promise.reject(expired) : localShell().run(line, limit)),
    })
    await expect(runSealed(slow, 'sleep 60', limits())).rejects.toBe(expired)
    await expect(runGuarded(slow, 'sleep 60', limits())).rejects.toBe(expired)
    const silent = localShell({ run: () => Promise.reject(expired) })
    await expect(runSealed(silent, 'sleep 60', limits())).rejects.toMatchObject(lost)
    await expect(runGuarded(silent, 'sleep 60', limits())).rejects.toMatchObject(lost)
  })

  it('takes a seal only whole, and in the end', () => {
    expect(unseal('text\nmark 0\n', 'mark')).toEqual({ stdout: 'text', exitCode: 0 })
    expect(unseal('a\r\n\r\nmark 126\r\n', 'mark')).toEqual({ stdout: 'a\n', exitCode: 126 })
    for (const cut of ['text\nmark 0', 'text\nmark ', 'text\nmar', 'text\nmark 0\nmore', 'mark 0\n'])
      expect(unseal(cut, 'mark')).toBeNull()
  })

  it('quotes any word', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\r\n]/.test(text)),
        async (word) => {
          const { stdout } = await runSealed(localShell(), `printf %s ${quote(word)}`, limits())
          expect(stdout).toBe(word)
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('a guarded program', () => {
  it('says what it says, and its status', async () => {
    expect(await runGuarded(localShell(), "sh -c 'echo out; echo err >&2; exit 3'", limits())).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 3,
    })
  })

  it('ends with the call: nothing of it is left', async () => {
    const stop = new AbortController()
    const pids = join(folder, 'pids')
    const running = runGuarded(localShell(), `sh -c 'echo $$ > ${pids}; exec sleep 60'`, { limitMs: 1000, signal: stop.signal })
    const pid = await vi.waitFor(() => {
      const text = readFileSync(pids, 'utf8').trim()
      expect(text).toMatch(/^\d+$/)
      return Number(text)
    })
    stop.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('a file that is pushed', () => {
  const local = join(folder, 'local')
  writeFileSync(local, 'content')
  const pushed = async (remote: string) => ({ local, remote, sha256: await hashFile(local), sizeBytes: 7 })

  it('is checked, pushed once more when it is damaged, and not at all when it is there', async () => {
    let pushes = 0
    const push = async (from: string, to: string) => {
      pushes++
      if (pushes === 1) writeFileSync(to, 'cantent')
      else await copyFile(from, to)
    }
    const file = { ...(await pushed(join(folder, 'sub', 'there'))), executable: true }
    await pushChecked(localShell({ push }), file, limits().signal)
    expect(pushes).toBe(2)
    expect(readFileSync(file.remote, 'utf8')).toBe('content')
    await pushChecked(localShell({ push }), file, limits().signal)
    expect(pushes).toBe(2)
  })

  it('to a device that goes silent meanwhile is lost with it', async () => {
    let gone = false
    const shell = localShell({
      run: (line, limit) => (gone ? Promise.reject(expired) : localShell().run(line, limit)),
      push: () => {
        gone = true
        return Promise.reject(expired)
      },
    })
    await expect(pushChecked(shell, await pushed(join(folder, 'silent')), limits().signal)).rejects.toMatchObject(lost)
  })

  it('is an error when it is damaged twice, or cannot be made to run', async () => {
    const push = async (_: string, to: string) => writeFileSync(to, 'cantent')
    const damaged = pushChecked(localShell({ push }), await pushed(join(folder, 'damaged')), limits().signal)
    await expect(damaged).rejects.toMatchObject({ code: 'MNAS_REMOTE_CORRUPT', exitCode: 5 })
    const run: ReturnType<typeof localShell>['run'] = (line, limit) =>
      localShell().run(line.replace('chmod 755', 'test -f'), limit)
    const fixed = pushChecked(
      localShell({ run }),
      { ...(await pushed(join(folder, 'fixed'))), executable: true },
      limits().signal,
    )
    await expect(fixed).rejects.toMatchObject({ code: 'MNAS_REMOTE_TOOL', exitCode: 5 })
  })
})
