import { factsLine, readFacts } from '@mnas/remote-device'

/** What a phone says of itself. */
export interface PhoneFacts {
  readonly manufacturer: string
  readonly model: string
  /** Of the system as it was built: another one after an update. */
  readonly build: string
  readonly soc: string
  readonly platform: string
  /** Of its fastest mode: arm64-v8a on every phone of today. */
  readonly abi: string
  readonly release: string
  readonly hardware: string
  /** Another one after each start. */
  readonly boot: string
  readonly qemu: string
  /** kHz by core. */
  readonly frequencies: ReadonlyMap<number, number>
}

const properties = {
  manufacturer: 'ro.product.manufacturer',
  model: 'ro.product.model',
  build: 'ro.build.fingerprint',
  soc: 'ro.soc.model',
  platform: 'ro.board.platform',
  abi: 'ro.product.cpu.abi',
  release: 'ro.build.version.release',
  hardware: 'ro.hardware',
  boot: 'ro.boottime.init',
  qemu: 'ro.boot.qemu',
} as const

/** One line of shell for all of it. */
export const phoneFactsLine = factsLine(
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, `getprop ${property}`])),
)

/** null: some of what every phone says is missing. */
export function parseFacts(output: string): PhoneFacts | null {
  const { text, frequencies } = readFacts<keyof typeof properties>(output)
  if (!text('build') || !text('abi')) return null
  return {
    manufacturer: text('manufacturer'),
    model: text('model'),
    build: text('build'),
    soc: text('soc'),
    platform: text('platform'),
    abi: text('abi'),
    release: text('release'),
    hardware: text('hardware'),
    boot: text('boot'),
    qemu: text('qemu'),
    frequencies,
  }
}

/** What the software phone calls its hardware and its product. */
export const softwarePhone = 'mnas_software_phone'

/** No hardware: the software phone, or an Android Virtual Device. */
export function isEmulated({ hardware, qemu }: Pick<PhoneFacts, 'hardware' | 'qemu'>): boolean {
  return qemu === '1' || [softwarePhone, 'ranchu', 'goldfish'].includes(hardware)
}

/** The same by the little that a list of devices says. */
export function looksEmulated({ serial, product }: { readonly serial: string; readonly product: string }): boolean {
  return serial.startsWith('emulator-') || product === softwarePhone || /^sdk_/.test(product)
}
