/**
 * What may run a program, as Android calls it (`ro.product.cpu.abi`), by the first bytes of its ELF header: `\x7fELF`, class (1 = 32 bits,
 * 2 = 64), …, machine at byte 18. A script is what the software phone runs. null: no program.
 */
export function abiOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0x23 && bytes[1] === 0x21) return scriptAbi
  if (bytes.length < 20 || ![0x7f, 0x45, 0x4c, 0x46].every((byte, at) => bytes[at] === byte)) return null
  const machine = bytes[18]! | (bytes[19]! << 8)
  return machines.find((each) => each.machine === machine && each.bits === bytes[4])?.abi ?? `an unknown machine (${machine})`
}

/** The "processor" of the software phone. */
export const scriptAbi = 'script'

const machines = [
  { machine: 183, bits: 2, abi: 'arm64-v8a' },
  { machine: 40, bits: 1, abi: 'armeabi-v7a' },
  { machine: 62, bits: 2, abi: 'x86_64' },
  { machine: 3, bits: 1, abi: 'x86' },
  { machine: 243, bits: 2, abi: 'riscv64' },
] as const
