import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import { testContext } from '@mnas/core/testing'
import { sshDriver } from '@mnas/plugin-device-ssh'
import { pushChecked, runGuarded, runSealed } from '@mnas/remote-device'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { SshClient } from '#internal/ssh/ssh-client.js'
import { SshShell } from '#internal/ssh/ssh-shell.js'
import { type Board, startBoard, testSshd } from './support/test-sshd.js'

const sshd = testSshd()

describe.skipIf(sshd === null)('a shell over ssh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mnas-ssh-'))
  let board: Board
  beforeAll(async () => {
    board = await startBoard(sshd!)
  })
  afterAll(() => {
    board.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const limits = (signal = new AbortController().signal) => ({ limitMs: 20_000, signal })
  const shellOf = (host = 'board') => new SshShell(new SshClient({ config: board.config }, host))
  /** The pid of a program there, once it runs: it writes it into a file. */
  const sleeping = (name: string) => {
    const file = join(folder, name)
    const pid = () =>
      vi.waitFor(
        () => {
          const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
          expect(text).toMatch(/^\d+$/)
          return Number(text)
        },
        { timeout: 10_000 },
      )
    return { words: `sh -c 'echo $$ > ${file}; exec sleep 300'`, pid }
  }
  const isGone = (pid: number) => vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 })

  it('runs a line as it stands, and says its status', async () => {
    const line = `printf '%s|' "it's" '$HOME' "$HOME"; echo bad >&2; (exit 7)`
    expect(await runSealed(shellOf(), line, limits())).toEqual({
      stdout: `it's|$HOME|${board.home}|`,
      stderr: 'bad\n',
      exitCode: 7,
    })
  })

  it('brings files over whole, and says why it cannot', async () => {
    const local = join(folder, 'local.bin')
    writeFileSync(local, Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256)))
    const file = { local, remote: join(board.home, "it's here", 'copy.bin'), sha256: await hashFile(local), sizeBytes: 300_000 }
    await pushChecked(shellOf(), file, limits().signal)
    expect(readFileSync(file.remote)).toEqual(readFileSync(local))
    const blocked = shellOf().push(local, join(board.home, 'nowhere', 'copy.bin'), limits())
    await expect(blocked).rejects.toMatchObject({ code: 'MNAS_REMOTE_PUSH', exitCode: 5 })
  })

  it('on a board whose disk is full says where, how much and what to do, and leaves nothing half there', async () => {
    const local = join(folder, 'large.bin')
    writeFileSync(local, Buffer.alloc(1_000_000, 1))
    const file = { local, remote: join(board.home, 'full', 'copy.bin'), sha256: await hashFile(local), sizeBytes: 1_000_000 }
    const empty = fullDisk(dirname(file.remote), 'copy.bin.part')
    try {
      const pushing = pushChecked(shellOf(), file, limits().signal)
      await expect(pushing).rejects.toMatchObject({ code: 'MNAS_REMOTE_SPACE', exitCode: 5 })
      await expect(pushing).rejects.toThrow(
        `No space on "ssh:board" in ${dirname(file.remote)} for "${local}": expected 1.00 MB free`,
      )
      await expect(pushing).rejects.toThrow(`: ssh -F ${board.config} board rm -r ${dirname(file.remote)}`)
      expect(readdirSync(dirname(file.remote))).toEqual([])
    } finally {
      empty()
    }
  })

  it('leaves nothing half there when the connection breaks in the middle of a file', async () => {
    const local = join(folder, 'long.bin')
    const remote = join(board.home, 'broken.bin')
    // Of holes alone: it takes no room here, and seconds to send.
    writeFileSync(local, '')
    truncateSync(local, 4e9)
    const pushing = shellOf().push(local, remote, limits())
    const lost = expect(pushing).rejects.toMatchObject({ exitCode: 5 })
    await vi.waitFor(() => expect(existsSync(`${remote}.part`)).toBe(true), { timeout: 10_000, interval: 1 })
    board.unplug()
    await lost
    await board.plugIn()
    const left = () => [remote, `${remote}.part`].filter((path) => existsSync(path))
    await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 10_000 })
  })

  it('an unknown host key is an error with the command to type, and nothing is accepted', async () => {
    const running = runSealed(shellOf('stranger'), 'true', limits())
    await expect(running).rejects.toMatchObject({ code: 'MNAS_SSH_HOST_KEY', exitCode: 5 })
    await expect(running).rejects.toThrow(`ssh -F ${board.config} stranger`)
    expect(existsSync(join(board.config, '..', 'nobody-known'))).toBe(false)
  })

  it('a user who may not in is told how to get in, without a question', async () => {
    const running = runSealed(shellOf('nobody'), 'true', limits())
    await expect(running).rejects.toMatchObject({ code: 'MNAS_SSH_DENIED', exitCode: 5 })
    await expect(running).rejects.toThrow(`ssh-copy-id -F ${board.config} nobody`)
  })

  it('ends a program there with the call: by the signal, and by its limit', async () => {
    const [stop, first, second] = [new AbortController(), sleeping('first'), sleeping('second')]
    const stopped = runGuarded(shellOf(), first.words, limits(stop.signal))
    const pid = await first.pid()
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    await isGone(pid)
    const expired = runGuarded(shellOf(), second.words, { limitMs: 2000, signal: new AbortController().signal })
    await expect(expired).rejects.toMatchObject({ code: 'MNAS_REMOTE_TIMEOUT', exitCode: 5 })
    await isGone(await second.pid())
  })

  it('that breaks in the middle of a command is lost, and leaves no process there', async () => {
    const [shell, program] = [shellOf(), sleeping('third')]
    const running = runGuarded(shell, program.words, limits())
    const lost = expect(running).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST', exitCode: 5 })
    const pid = await program.pid()
    board.unplug()
    await lost
    await isGone(pid)
    await expect(runSealed(shell, 'true', limits())).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST' })
    const other = runSealed(shellOf(), 'true', limits())
    await expect(other).rejects.toMatchObject({ code: 'MNAS_DEVICE_UNREACHABLE', exitCode: 5 })
    await board.plugIn()
    expect(await runSealed(shell, 'echo back', limits())).toMatchObject({ stdout: 'back\n' })
  })
})

describe('the driver', () => {
  const context = testContext()
  afterEach(() => vi.unstubAllEnvs())

  it('without a name asks for one, and without a client says so', async () => {
    const unnamed = sshDriver.open({ selector: undefined, options: {} }, context)
    await expect(unnamed).rejects.toMatchObject({ code: 'MNAS_SSH_TARGET', exitCode: 2 })
    const clientless = sshDriver.open({ selector: 'board', options: { ssh: '/no/such/ssh' } }, context)
    await expect(clientless).rejects.toMatchObject({ code: 'MNAS_SSH_MISSING', exitCode: 5 })
  })

  it('tells the doctor whether boards can be reached', async () => {
    vi.stubEnv('PATH', '/nowhere')
    expect(await sshDriver.check!(context)).toMatchObject([{ name: 'device ssh', status: 'hint' }])
  })
})

/**
 * A folder on a disk of 64 kB, where this user may mount one; else one in which a file lies on the device that is always full.
 * @returns what takes it away
 */
function fullDisk(folder: string, file: string): () => void {
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
    return () => void execFileSync('umount', [folder])
  } catch {
    symlinkSync('/dev/full', join(folder, file))
    return () => undefined
  }
}
