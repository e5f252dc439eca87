import type { DeviceChoice, DeviceContext } from '@mnas/core/contracts'
import type { BoardFacts } from './board/board-facts.js'
import { BoardSystem } from './board/board-system.js'
import { parseTarget } from './ssh/parse-target.js'
import { SshClient } from './ssh/ssh-client.js'
import { SshShell } from './ssh/ssh-shell.js'
import { sshOptionsOf, textOf } from './ssh-options.js'

export interface OpenedBoard {
  readonly system: BoardSystem
  readonly facts: BoardFacts
  /** The board's. */
  readonly python: string
}

/** Reaches the board that is meant and asks what it is. @throws MNAS_SSH_TARGET, MNAS_SSH_HOST_KEY, MNAS_SSH_DENIED, MNAS_DEVICE_UNREACHABLE */
export async function openBoard({ selector, options }: DeviceChoice, { signal }: DeviceContext): Promise<OpenedBoard> {
  const shell = new SshShell(new SshClient(sshOptionsOf(options), parseTarget(selector)))
  const python = textOf(options, 'python') ?? 'python3'
  const [system, facts] = await BoardSystem.open(shell, { python, folder: textOf(options, 'folder') }, signal)
  return { system, facts, python }
}
