/** What other libraries call the published networks, without the name of a weights file behind it. */
const families: Readonly<Record<string, string>> = {
  semnasnet: 'mnasnet-a1',
  mnasnet_a1: 'mnasnet-a1',
  mnasnet: 'mnasnet-b1',
  mnasnet_b1: 'mnasnet-b1',
  mnasnet_small: 'mnasnet-small',
  mobilenetv2: 'mobilenet-v2',
  mobilenet_v2: 'mobilenet-v2',
  spnasnet: 'spnasnet',
  fbnetc: 'fbnet-c',
  ...Object.fromEntries(
    Array.from({ length: 5 }, (_, number) => `efficientnet_lite${number}`).flatMap((name) =>
      [name, `tf_${name}`].map((theirs) => [theirs, name.replace('_', '-')]),
    ),
  ),
}

/** With the width in percent as timm has it, `semnasnet_075`; in torchvision's way, `mnasnet0_5`; or without one. */
const withWidth = [/^(?<family>\w+)_(?<percent>\d{3})$/, /^(?<family>mnasnet)(?<whole>\d)_(?<decimals>\d+)$/, /^(?<family>\w+)$/]

/** Our name of a network that another library calls so, e.g. `mnasnet-a1@0.75`; undefined for one that we do not have. */
export function ourNameOf(name: string): string | undefined {
  const [network = ''] = name.toLowerCase().split('.')
  const parts = withWidth.map((pattern) => pattern.exec(network)?.groups).find((groups) => groups !== undefined)
  const { family = '', percent, whole, decimals } = parts ?? {}
  if (!Object.hasOwn(families, family)) return undefined
  const width = percent === undefined ? Number(`${whole ?? 1}.${decimals ?? 0}`) : Number(percent) / 100
  return width === 1 ? families[family] : `${families[family]}@${width}`
}
