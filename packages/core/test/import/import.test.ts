import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Architecture, namedArchitecture } from '@mnas/core/architecture'
import { loadBundleWeights, readBundle } from '@mnas/core/bundle'
import { lower, parametersOf } from '@mnas/core/graph'
import { detectArchitecture, nameByTable, renameTensors } from '@mnas/core/import'
import { describe, expect, it } from 'vitest'
import { filled, task, temporaryImports, withClasses } from './made-up-imports.js'
import { efficientnetLiteState, timmState, torchvisionMnasnetState } from './state-dictionaries.js'

const { path, importing } = temporaryImports()

describe('names of the source', () => {
  it.each(['mnasnet-a1', 'mnasnet-b1', 'mnasnet-small', 'mnasnet-d1', 'mobilenet-v2', 'mnasnet-a1@0.35', 'mobilenet-v2@1.4'])(
    "%s in timm's: each parameter once, in its shape, and the architecture again",
    (name) => {
      const architecture = withClasses(name, 7)
      const renamed = renameTensors('file', filled(timmState(architecture)), 'timm')
      expect(renamed.unknown).toEqual([])
      const shapes = Object.entries(renamed.tensors).map(([parameter, { shape }]) => [parameter, shape.join()])
      const expected = parametersOf(lower(architecture, task)).map((parameter) => [parameter.name, parameter.shape.join()])
      expect(shapes.sort()).toEqual(expected.sort())
      expect(detectArchitecture(renamed.tensors)).toEqual(namedArchitecture(name))
    },
  )

  it.each([
    ...(['spnasnet', 'fbnet-c', 'efficientnet-lite0', 'efficientnet-lite1', 'efficientnet-lite4'] as const).map(
      (name) => [name, 'timm', timmState] as const,
    ),
    ...(['efficientnet-lite0', 'efficientnet-lite3'] as const).map(
      (name) => [name, 'efficientnet-lite-pytorch', efficientnetLiteState] as const,
    ),
  ])('%s in those of %s: the layers come along the table, however they are counted', (name, from, stateOf) => {
    const architecture = withClasses(name, 7)
    const renamed = renameTensors('file', filled(stateOf(architecture)), from)
    expect(renamed.unknown).toEqual([])
    expect(detectArchitecture(renamed.tensors)).toEqual(namedArchitecture(name))
    const { tensors, sourceNames } = nameByTable(renamed, architecture)
    const shapes = Object.entries(tensors).map(([parameter, { shape }]) => [parameter, shape.join()])
    const expected = parametersOf(lower(architecture, task)).map((parameter) => [parameter.name, parameter.shape.join()])
    expect(shapes.sort()).toEqual(expected.sort())
    expect(Object.keys(sourceNames).sort()).toEqual(Object.keys(tensors).sort())
  })

  it("of a file with more layers than the table keep the file's in what is left over", () => {
    const deeper = withClasses('efficientnet-lite1', 7)
    const renamed = renameTensors('file', filled(efficientnetLiteState(deeper)), 'efficientnet-lite-pytorch')
    const { tensors } = nameByTable(renamed, withClasses('efficientnet-lite0', 7))
    expect(Object.keys(tensors).filter((name) => name.startsWith('block8_')).length).toBeGreaterThan(0)
    expect(Object.keys(tensors)).toHaveLength(Object.keys(renamed.tensors).length)
  })

  it("mnasnet-b1@0.75 in torchvision's", () => {
    const architecture = withClasses('mnasnet-b1@0.75', 7)
    const renamed = renameTensors('file', filled(torchvisionMnasnetState(architecture)), 'torchvision')
    expect(renamed.unknown).toEqual([])
    expect(Object.keys(renamed.tensors).sort()).toEqual(
      parametersOf(lower(architecture, task))
        .map(({ name }) => name)
        .sort(),
    )
    expect(detectArchitecture(renamed.tensors)).toEqual(namedArchitecture('mnasnet-b1@0.75'))
  })

  it('that are not known stay apart', () => {
    const tensors = filled({
      'blocks.0.0.conv_dw.weight': [8, 1, 3, 3],
      'blocks.0.0.conv_dw.scale': [8],
      fc: [1],
      'stem.0.weight': [1],
    })
    expect(renameTensors('file', tensors, 'timm').unknown).toEqual(['blocks.0.0.conv_dw.scale', 'fc', 'stem.0.weight'])
    expect(renameTensors('file', tensors, 'torchvision').unknown).toEqual(Object.keys(tensors))
  })

  it('never meet what every object has', () => {
    const tensors = filled({ 'constructor.weight': [1], 'blocks.0.0.constructor.weight': [1], 'layers.constructor': [1] })
    for (const from of ['timm', 'torchvision'] as const)
      expect(renameTensors('file', tensors, from).unknown).toEqual(Object.keys(tensors))
  })
})

describe('an architecture that is no published one', () => {
  it('is found when only its filters or repeats differ, and says so in its name', () => {
    const base = withClasses('mobilenet-v2@1.2', 7)
    const blocks = base.blocks.map((block, row) => (row === 2 ? { ...block, repeats: 5 } : block))
    const deeper: Architecture = { ...base, stem: { ...base.stem, filters: 32 }, blocks }
    const { tensors } = renameTensors('file', filled(timmState(deeper)), 'timm')
    expect(detectArchitecture(tensors)).toMatchObject({ name: 'mobilenet-v2-variant', stem: { filters: 32 }, blocks })
  })

  it('is refused when its layers are of another kind, and taken with --arch', async () => {
    const base = withClasses('mnasnet-small', 3)
    const blocks = base.blocks.map((block, row) => (row === 3 ? { ...block, kernel: 7 as const } : block))
    const own: Architecture = { ...base, name: 'own', blocks }
    const tensors = filled(timmState(own))
    await expect(importing('own', tensors)).rejects.toMatchObject({
      code: 'MNAS_IMPORT_UNKNOWN',
      exitCode: 3,
      message: expect.stringContaining('4× mbconv k7 e6 se → 32'),
    })
    await writeFile(path('own.json'), JSON.stringify(own))
    const { bundle } = await importing('own', tensors, { arch: path('own.json') })
    expect(bundle.architecture).toEqual({ ...own, padding: 'symmetric', batchNormEpsilon: 1e-5 })
  })
})

describe('a bundle of imported weights', () => {
  const small = filled(timmState(withClasses('mnasnet-small', 3)))

  it('holds the same numbers, the style of the source and where it comes from', async () => {
    const { out } = await importing('small', small)
    const bundle = await readBundle(out)
    expect(bundle).toMatchObject({
      name: 'small',
      labels: ['0', '1', '2'],
      preprocessing: { fit: { kind: 'crop', fraction: 0.9 }, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
      architecture: { padding: 'symmetric', batchNormEpsilon: 1e-5, task: { options: { classes: 3 } } },
      provenance: {
        mnas: '1.2.3',
        import: { from: 'timm', file: 'small.safetensors', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    })
    // timm's small network skips over its first row, the authors' does not.
    expect(bundle.architecture.blocks[0]!.skip).toBe('identity')
    expect(namedArchitecture('mnasnet-small').blocks[0]!.skip).toBe('none')
    const weights = await loadBundleWeights(out)
    expect(weights['block4_2_squeeze_expand.bias']!.data).toEqual(small['blocks.3.1.se.conv_expand.bias']!.data)
    expect(weights['stem_conv_bn.movingVariance']!.data).toEqual(small['bn1.running_var']!.data)
  })

  it('names what is missing, left over and misshapen', async () => {
    const { 'conv_head.weight': _, ...rest } = small
    const tensors = { ...rest, 'aux.weight': small['bn1.weight']!, 'bn1.bias': small['bn2.bias']! }
    await expect(importing('misfit', tensors, { arch: 'mnasnet-small' })).rejects.toMatchObject({
      code: 'MNAS_IMPORT_MISMATCH',
      exitCode: 3,
      message: expect.stringMatching(
        /missing head_conv\.kernel; left over aux\.weight; misshapen bn1\.bias \(float32 \[1280\] for float32 \[8\]\)/,
      ),
    })
    const headless = Object.fromEntries(Object.entries(small).filter(([name]) => !name.startsWith('classifier')))
    await expect(importing('headless', headless)).rejects.toThrow(/missing logits\.kernel, logits\.bias; left over none/)
  })

  it('has no NaN and no negative variance', async () => {
    const spoil = (name: string, value: number) => {
      const data = Float32Array.from(small[name]!.data)
      data[1] = value
      return importing('spoilt', { ...small, [name]: { ...small[name]!, data } })
    }
    await expect(spoil('bn1.bias', Number.NaN)).rejects.toMatchObject({ code: 'MNAS_IMPORT_VALUES', exitCode: 3 })
    await expect(spoil('bn1.running_var', -1)).rejects.toThrow(/"bn1\.running_var".*received -1/)
  })

  it('may be made again of the same file, and replaces no other', async () => {
    const { out, file } = await importing('again', small)
    await writeFile(path('labels.txt'), 'cat\r\ndog\r\nowl\r\n')
    const again = await importing('again', small, { labels: path('labels.txt') })
    expect(again.bundle.labels).toEqual(['cat', 'dog', 'owl'])
    expect((await readBundle(out)).labels).toEqual(['cat', 'dog', 'owl'])
    const before = await readFile(join(out, 'weights.safetensors'))
    const other = filled(timmState(withClasses('mnasnet-small', 4)))
    await expect(importing('another', other, { out })).rejects.toMatchObject({ code: 'MNAS_IMPORT_EXISTS', exitCode: 3 })
    expect(before.equals(await readFile(join(out, 'weights.safetensors')))).toBe(true)
    expect(file).toContain('again')
  })

  it('goes into no folder that holds something else', async () => {
    const out = path('mine')
    await mkdir(join(out, 'exports'), { recursive: true })
    await expect(importing('mine', small, { out })).rejects.toThrow(/mine" holds "exports". Expected a new or empty folder/)
    expect(await readdir(out)).toEqual(['exports'])
  })
})
