import { writeFile } from 'node:fs/promises'
import { loadBundleWeights } from '@mnas/core/bundle'
import type { Tensor, Tensors } from '@mnas/core/contracts'
import { type ImportRequest, importModel, unwrapNames } from '@mnas/core/import'
import { describe, expect, it } from 'vitest'
import { foreignSafetensors } from './foreign-safetensors.js'
import { filled, registry, temporaryImports, withClasses } from './made-up-imports.js'
import { timmState, torchvisionMnasnetState } from './state-dictionaries.js'

const { path, importing } = temporaryImports()

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
    const [file, out] = [path(`${type}.safetensors`), path('models', type)]
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
    const file = path(name)
    await writeFile(file, bytes, 'latin1')
    const importing = importModel({ registry, file, from: 'timm', out: path('p'), cropFraction: 1, mnasVersion: '0' })
    const failure = await importing.catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'MNAS_IMPORT_PICKLE', exitCode: 3, message: expect.stringMatching(what) })
    expect((failure as Error).message).toContain(`torch.load(${JSON.stringify(file)}`)
    expect((failure as Error).message).toContain(JSON.stringify(target))
    expect((failure as Error).message).not.toContain('\n')
  })

  it('a header of 640 bytes, which begins like a pickle, is none', async () => {
    const file = path('header.safetensors')
    const bytes = Buffer.alloc(648, ' ')
    bytes.writeBigUInt64LE(640n)
    bytes.write('{}', 8)
    await writeFile(file, bytes)
    expect([...bytes.subarray(0, 2)]).toEqual([0x80, 2])
    const request = { registry, file, from: 'timm', out: path('h'), cropFraction: 1, mnasVersion: '0' } as const
    await expect(importModel(request)).rejects.toMatchObject({ code: 'MNAS_IMPORT_UNKNOWN' })
  })
})
