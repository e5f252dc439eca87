/**
 * A network of a paper, as a card tells it. Numbers are those that the sources state themselves; of others there are none here.
 */
export interface PublishedNetwork {
  /** As `mnas arch list` calls it. */
  readonly name: string
  readonly summary: string
  readonly paper: string
  readonly url: string
  /** Where it stands there. */
  readonly table: string
  /** Numbers that training learns, and multiply-adds at 224 px for 1000 classes. */
  readonly parameters: number
  readonly multiplyAdds: number
  /** Fractions, on ImageNet's validation images. */
  readonly accuracy?: { readonly top1: number; readonly top5?: number }
  /** On one big core of a Pixel 1, one image at a time. */
  readonly pixel1Ms?: number
}

const mnasnet = {
  paper: 'MnasNet: Platform-Aware Neural Architecture Search for Mobile (Tan et al., CVPR 2019)',
  url: 'https://arxiv.org/abs/1807.11626',
} as const
const authorsCode = {
  paper: "MnasNet, the authors' model code (tensorflow/tpu, models/official/mnasnet)",
  url: 'https://github.com/tensorflow/tpu/tree/master/models/official/mnasnet',
} as const

/** When the numbers of `mnasnet` were published: the third version of the paper. */
export const claimedOn = '2019-05-29'

export const publishedNetworks: readonly PublishedNetwork[] = [
  {
    ...mnasnet,
    name: 'mnasnet-a1',
    summary: 'MnasNet-A1, found by a search for 75 ms on a Pixel 1, with squeeze-and-excite. An architecture without weights.',
    table: 'figure 7',
    parameters: 3_887_038,
    multiplyAdds: 311_579_072,
    accuracy: { top1: 0.752, top5: 0.925 },
    pixel1Ms: 78,
  },
  {
    ...authorsCode,
    name: 'mnasnet-b1',
    summary: 'MnasNet-B1, without squeeze-and-excite. An architecture without weights.',
    table: 'mnasnet-b1',
    parameters: 4_383_312,
    multiplyAdds: 314_415_872,
  },
  {
    ...mnasnet,
    name: 'mnasnet-small',
    summary: 'MnasNet-small, found by a search for 22 ms on a Pixel 1. An architecture without weights.',
    table: 'mnasnet-small',
    parameters: 2_030_264,
    multiplyAdds: 68_339_184,
    accuracy: { top1: 0.66 },
    pixel1Ms: 23.2,
  },
  {
    ...authorsCode,
    name: 'mnasnet-d1',
    summary: 'MnasNet-D1 of wide expansions. An architecture without weights.',
    table: 'mnasnet-d1',
    parameters: 3_638_404,
    multiplyAdds: 967_705_824,
  },
  {
    ...authorsCode,
    name: 'mnasnet-d1-320',
    summary: 'MnasNet-D1-320, searched at 320 px and counted at 224 px. An architecture without weights.',
    table: 'mnasnet-d1-320',
    parameters: 6_932_240,
    multiplyAdds: 1_807_732_032,
  },
  {
    name: 'mobilenet-v2',
    summary: 'MobileNetV2, the peer of the MnasNets. An architecture without weights.',
    paper: 'MobileNetV2: Inverted Residuals and Linear Bottlenecks (Sandler et al., CVPR 2018)',
    url: 'https://arxiv.org/abs/1801.04381',
    table: 'table 2',
    parameters: 3_504_872,
    multiplyAdds: 300_774_272,
  },
]
