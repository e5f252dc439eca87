import { factsLine, quote, readFacts } from '@mnas/remote-device'

/** What a Linux board says of itself; empty: nothing. */
export interface BoardFacts {
  /** `uname -s`, `-m`, `-r`. */
  readonly system: string
  readonly machine: string
  readonly kernel: string
  /** Of its programs: 32 on a 64-bit kernel under a 32-bit system; null: it does not say. */
  readonly bits: number | null
  /** `2.36`; empty: another C library. */
  readonly glibc: string
  /** `3.11.2`; empty: none. */
  readonly python: string
  /** The board's name: `Raspberry Pi 4 Model B Rev 1.4`. */
  readonly model: string
  readonly processor: string
  /** Name and version of the distribution. */
  readonly release: string
  readonly governor: string
  /** This user's. */
  readonly home: string
  /** Another one after each start. */
  readonly boot: string
  /** That this user may use. */
  readonly cores: number
  /** kHz by core. */
  readonly frequencies: ReadonlyMap<number, number>
}

const questions = {
  system: 'uname -s',
  machine: 'uname -m',
  kernel: 'uname -r',
  bits: 'getconf LONG_BIT',
  glibc: 'getconf GNU_LIBC_VERSION | sed "s/^glibc //"',
  model: 'tr -d "\\0" </proc/device-tree/model',
  processor: processorLine(),
  release: '. /etc/os-release && echo "$PRETTY_NAME"',
  governor: 'cat /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor | sort -u | tr "\\n" " "',
  home: 'echo "$HOME"',
  boot: 'cat /proc/sys/kernel/random/boot_id',
  cores: 'nproc',
} as const

/** On x86 a name; on Arm maker and part of each kind of core. */
function processorLine(): string {
  const names = 'model name|CPU implementer|CPU part'
  return `grep -E "^(${names})" /proc/cpuinfo | sed "s/.*: *//" | sort -u | tr "\\n" " "`
}

/** One line of shell for all of it. @param python the board's */
export function boardFactsLine(python: string): string {
  return factsLine({ ...questions, python: `${quote(python)} -c 'import platform; print(platform.python_version())'` })
}

/** null: not even what every system says. */
export function parseFacts(output: string): BoardFacts | null {
  const { text, frequencies } = readFacts<keyof typeof questions | 'python'>(output)
  if (!text('system') || !text('machine') || !text('home')) return null
  return {
    system: text('system'),
    machine: text('machine'),
    kernel: text('kernel'),
    bits: /^\d+$/.test(text('bits')) ? Number(text('bits')) : null,
    glibc: text('glibc'),
    python: text('python'),
    model: text('model'),
    processor: text('processor'),
    release: text('release'),
    governor: text('governor'),
    home: text('home'),
    boot: text('boot'),
    cores: Number(text('cores')) || 1,
    frequencies,
  }
}
