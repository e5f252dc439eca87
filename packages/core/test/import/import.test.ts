import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Architecture, namedArchitecture, withTask } from '@mnas/core/architecture'
import { loadBundleWeights, readBundle } from '@mnas/core/bundle'
import type { Graph, Task, Tensor, Tensors } from '@mnas/core/contracts'
import { GraphBuilder, lower, parametersOf } from '@mnas/core/graph'
import { detectArchitecture, type ImportRequest, importModel, readLabels, renameTensors, unwrapNames } from '@mnas/core/import'
import type { Registry } from '@mnas/core/plugins'
import { writeSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foreignSafetensors } from './foreign-safetensors.js'
import { type StateDictionary, timmState, torchvisionMnasnetState } from './state-dictionaries.js'

/** As much of a classifier as a bundle needs: a dense layer on the pooled features. */
const task = {
  name: 'classification',
  options: { parse: (options: unknown) => options },
  head(backbone: Graph, { classes }: { readonly classes: number }) {
    const graph = GraphBuilder.from(backbone)
    const origin = { block: 'head', layer: 1, role: 'logits' } as const
    const inputs = [backbone.outputs['features']!]
    const pool = graph.add('globalAveragePool', { id: 'pool', inputs, attributes: { keepDims: false }, origin })
    graph.output(
      'logits',
      graph.add('dense', { id: 'logits', inputs: [pool], attributes: { units: classes, bias: true }, origin }),
    )
    return graph.build()
  },
} as unknown as Task
const registry = { get: async () => task } as unknown as Registry

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Values that tell every tensor and every place in it from the others. */
function filled(shapes: StateDictionary): Tensors {
  const tensors = Object.entries(shapes).map(([name, shape], index): [string, Tensor] => {
    const length = shape.reduce((product, side) => product * side, 1)
    return [name, { dtype: 'float32', shape, data: Float32Array.from({ length }, (_, at) => index + (at % 1000) / 1000) }]
  })
  return Object.fromEntries(tensors)
}
const withClasses = (name: string, classes: number): Architecture =>
  withTask(namedArchitecture(name), 'classification', { classes, dropout: 0.2 })

async function importing(name: string, tensors: Tensors, changes: Partial<ImportRequest> = {}) {
  const [file, out] = [join(folder, `${name}.safetensors`), join(folder, 'models', name)]
  await writeSafetensors(file, tensors)
  const bundle = await importModel({ registry, file, from: 'timm', out, cropFraction: 0.9, mnasVersion: '1.2.3', ...changes })
  return { bundle, out, file }
}

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
    await writeFile(join(folder, 'own.json'), JSON.stringify(own))
    const { bundle } = await importing('own', tensors, { arch: join(folder, 'own.json') })
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
    await writeFile(join(folder, 'labels.txt'), 'cat\r\ndog\r\nowl\r\n')
    const again = await importing('again', small, { labels: join(folder, 'labels.txt') })
    expect(again.bundle.labels).toEqual(['cat', 'dog', 'owl'])
    expect((await readBundle(out)).labels).toEqual(['cat', 'dog', 'owl'])
    const before = await readFile(join(out, 'weights.safetensors'))
    const other = filled(timmState(withClasses('mnasnet-small', 4)))
    await expect(importing('another', other, { out })).rejects.toMatchObject({ code: 'MNAS_IMPORT_EXISTS', exitCode: 3 })
    expect(before.equals(await readFile(join(out, 'weights.safetensors')))).toBe(true)
    expect(file).toContain('again')
  })
})

describe('the ways in which people save weights', () => {
  const small = filled(timmState(withClasses('mnasnet-small', 3)))
  const renamed = (change: (name: string) => string): Tensors =>
    Object.fromEntries(Object.entries(small).map(([name, tensor]) => [change(name), tensor]))
  const importingWithNotes = async (name: string, tensors: Tensors, changes: Partial<ImportRequest> = {}) => {
    const notes: string[] = []
    const { out, bundle } = await importing(name, tensors, { note: (message) => notes.push(message), ...changes })
    return { bundle, notes, weights: await loadBundleWeights(out) }
  }

  it.each([
    ['module.', (name: string) => `module.${name}`, ['module.']],
    ['_orig_mod.', (name: string) => `_orig_mod.${name}`, ['_orig_mod.']],
    ['both', (name: string) => `module._orig_mod.${name}`, ['_orig_mod.', 'module.']],
    ['a part that was compiled', (name: string) => name.replace(/^blocks\./, 'blocks._orig_mod.'), ['_orig_mod.']],
    ['a training framework', (name: string) => `model.net.${name}`, ['model.net.']],
  ])('wrapped: %s, with a note for what was dropped', async (wrapper, change, dropped) => {
    const { notes, weights } = await importingWithNotes(wrapper.replaceAll(' ', '-'), renamed(change))
    expect(notes).toEqual(dropped.map((part) => `"${part}" was dropped from the names of the tensors: a wrapper's.`))
    expect(weights['stem_conv_bn.movingVariance']!.data).toEqual(small['bn1.running_var']!.data)
  })

  it('an average of weights counts what it averaged', async () => {
    const count: Tensor = { dtype: 'int32', shape: [], data: Int32Array.of(12) }
    const { notes } = await importingWithNotes('average', { n_averaged: count, ...renamed((name) => `module.${name}`) })
    expect(notes).toHaveLength(1)
  })

  it('what stands outside of the model is named, and two tensors of one name keep their own', async () => {
    const two = { ...renamed((name) => `model.${name}`), ...renamed((name) => `model_ema.${name}`) }
    await expect(importing('two', two)).rejects.toThrow(/left over model_ema\.\S+, .* more;/)
    const clash = { ...small, '_orig_mod.bn1.weight': small['bn1.weight']! }
    await expect(importing('clash', clash)).rejects.toThrow(/left over _orig_mod\.bn1\.weight;/)
  })

  it('in torchvision too, where the stem is a name that inner layers end with', () => {
    const tensors = filled(torchvisionMnasnetState(withClasses('mnasnet-b1@0.75', 7)))
    const wrapped = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`module.${name}`, tensor]))
    expect(unwrapNames(wrapped, 'torchvision')).toEqual({ tensors, dropped: ['module.'] })
    expect(unwrapNames(tensors, 'torchvision')).toEqual({ tensors, dropped: [] })
  })

  it.each(['F16', 'BF16', 'F64'] as const)('%s becomes float32, with a note', async (type) => {
    // Numbers that every one of the types holds exactly.
    const coarse = Object.entries(small).map(([name, { shape, data }]): [string, Tensor] => {
      return [name, { dtype: 'float32', shape, data: Float32Array.from(data, (_, at) => (at % 128) / 64) }]
    })
    const tensors = Object.fromEntries(coarse)
    const [file, out] = [join(folder, `${type}.safetensors`), join(folder, 'models', type)]
    await writeFile(file, foreignSafetensors(type, tensors))
    const notes: string[] = []
    const note = (message: string) => notes.push(message)
    await importModel({ registry, file, from: 'timm', out, cropFraction: 0.875, mnasVersion: '0.0.0', note })
    expect(notes).toEqual([`Tensors of the type ${type} were converted to float32.`])
    const weights = await loadBundleWeights(out)
    expect(weights['head_conv.kernel']!.data).toEqual(tensors['conv_head.weight']!.data)
  })

  it('with one output: no and yes', async () => {
    const one = filled(timmState(withClasses('mnasnet-small', 1)))
    const { bundle, notes, weights } = await importingWithNotes('one', one)
    expect(bundle.labels).toEqual(['0', '1'])
    expect(bundle.task.options).toMatchObject({ classes: 2 })
    expect(notes).toEqual([expect.stringContaining('yes or no')])
    const [kernel, bias] = [weights['logits.kernel']!, weights['logits.bias']!]
    expect(kernel.shape).toEqual([2, 1280])
    expect(kernel.data.subarray(0, 1280).every((value) => value === 0)).toBe(true)
    expect(kernel.data.subarray(1280)).toEqual(one['classifier.weight']!.data)
    expect([...bias.data]).toEqual([0, ...one['classifier.bias']!.data])
  })

  it.each([
    ['zip.pth', 'PK\x03\x04\x00\x00\x08\x08', /is a zip file, as torch\.save writes them/, 'zip.safetensors'],
    ['old.pth.tar', '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20', /is a pickle/, 'old.safetensors'],
    ['renamed.safetensors', '\x80\x04\x95\x10\x00\x00\x00\x00\x00', /is a pickle/, 'renamed-converted.safetensors'],
  ])('a pickle is named, with the Python that converts it: %s', async (name, bytes, what, target) => {
    const file = join(folder, name)
    await writeFile(file, bytes, 'latin1')
    const importing = importModel({ registry, file, from: 'timm', out: join(folder, 'p'), cropFraction: 1, mnasVersion: '0' })
    const failure = await importing.catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'MNAS_IMPORT_PICKLE', exitCode: 3, message: expect.stringMatching(what) })
    expect((failure as Error).message).toContain(`torch.load(${JSON.stringify(file)}`)
    expect((failure as Error).message).toContain(JSON.stringify(target))
    expect((failure as Error).message).not.toContain('\n')
  })

  it('a header of 640 bytes, which begins like a pickle, is none', async () => {
    const file = join(folder, 'header.safetensors')
    const bytes = Buffer.alloc(648, ' ')
    bytes.writeBigUInt64LE(640n)
    bytes.write('{}', 8)
    await writeFile(file, bytes)
    expect([...bytes.subarray(0, 2)]).toEqual([0x80, 2])
    const request = { registry, file, from: 'timm', out: join(folder, 'h'), cropFraction: 1, mnasVersion: '0' } as const
    await expect(importModel(request)).rejects.toMatchObject({ code: 'MNAS_IMPORT_UNKNOWN' })
  })
})

describe('labels', () => {
  it('drop a byte order mark, and take any line ends', async () => {
    const file = join(folder, 'bom.txt')
    await writeFile(file, '\ufeffcat\r\ndog\r\n')
    expect(await readLabels(file, 2)).toEqual(['cat', 'dog'])
  })

  it.each([
    ['utf16.txt', Buffer.from('\ufeffcat\r\ndog\r\n', 'utf16le'), 'UTF-16: save it as UTF-8'],
    ['utf16-unmarked.txt', Buffer.from('cat\ndog\n', 'utf16le'), 'UTF-16: save it as UTF-8'],
    ['latin1.txt', Buffer.from('caf\u00e9\ndog\n', 'latin1'), 'bytes that are not UTF-8: save it as UTF-8'],
  ])('in another encoding are refused by name: %s', async (name, bytes, received) => {
    await writeFile(join(folder, name), bytes)
    await expect(readLabels(join(folder, name), 2)).rejects.toMatchObject({
      code: 'MNAS_IMPORT_LABELS',
      message: expect.stringContaining(`received ${received}`),
    })
  })

  it.each([
    ['a\nb\n', '2 lines'],
    ['a\n\nc', 'an empty line'],
    ['a\nb\na\n', '"a" more than once'],
  ])('%j are refused', async (text, received) => {
    const file = join(folder, 'wrong.txt')
    await writeFile(file, text)
    await expect(readLabels(file, 3)).rejects.toMatchObject({
      code: 'MNAS_IMPORT_LABELS',
      message: expect.stringContaining(received),
    })
  })

  it('that cannot be read are named', async () => {
    await expect(readLabels(join(folder, 'nothing.txt'), 3)).rejects.toMatchObject({ code: 'MNAS_FILE_MISSING' })
  })
})
