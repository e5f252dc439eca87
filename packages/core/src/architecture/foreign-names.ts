/** What other libraries call the published networks, without the name of a weights file behind it. */
const families: Readonly<Record<string, string>> = {
  semnasnet: 'mnasnet-a1',
  mnasnet_a1: 'mnasnet-a1',
  mnasnet: 'mnasnet-b1',
  mnasnet_b1: 'mnasnet-b1',
  mnasnet_small: 'mnasnet-small',
  mobilenetv2: 'mobilenet-v2',
  mobilenet_v2: 'mobilenet-v2',
}

/** timm's `semnasnet_075`, `mnasnet_100.rmsp_in1k`, `mnasnet_small`; torchvision's `mnasnet0_5`; Keras's `MobileNetV2`. */
const foreignName = /^(?<family>[a-z]\w*?)(?:_(?<percent>\d{3})|(?<whole>\d)_(?<tenths>\d+))?(?:\.\w+)?$/

/** Our name of a network that another library calls so, e.g. `mnasnet-a1@0.75`; undefined for one that we do not have. */
export function ourNameOf(name: string): string | undefined {
  const { family, percent, whole, tenths } = foreignName.exec(name.toLowerCase())?.groups ?? {}
  if (family === undefined || !Object.hasOwn(families, family)) return undefined
  const width = percent === undefined ? Number(`${whole ?? 1}.${tenths ?? 0}`) : Number(percent) / 100
  return width === 1 ? families[family] : `${families[family]}@${width}`
}
