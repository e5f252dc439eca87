import type { Dialect } from '@mnas/remote-device'

/** The software phone's benchmark_model: a script that hands its arguments over. @param wrong for a 32-bit processor instead */
export function toolBytes(dialect: Dialect, wrong: boolean): Buffer {
  if (wrong) return arm32Header()
  const name = dialect === 'classic' ? 'benchmark_model' : 'benchmark_model (benchmark_litert_model.h)'
  return Buffer.from(
    `#!/bin/sh\n# ${name} of the software phone of mnas\nexec "$MNAS_PHONE_NODE" "$MNAS_PHONE_TOOL" ${dialect} "$@"\n`,
  )
}

/** The beginning of an ELF file of 32 bits (class 1), little-endian, for machine 40 (ARM). */
function arm32Header(): Buffer {
  const header = Buffer.alloc(52)
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1])
  header.writeUInt16LE(2, 16)
  header.writeUInt16LE(40, 18)
  return header
}
