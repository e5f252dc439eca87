import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadBundleWeights, readBundle } from '@mnas/core/bundle'
import type { Tensors } from '@mnas/core/contracts'
import { type HubImport, importHubFolder, timmArchitecture } from '@mnas/core/import'
import { writeSafetensors } from '@mnas/core/weights'
import { describe, expect, it } from 'vitest'
import { filled, registry, temporaryImports, withClasses } from './made-up-imports.js'
import { timmState } from './state-dictionaries.js'

const { path } = temporaryImports()
const lite = filled(timmState(withClasses('efficientnet-lite0', 3)))
const small = filled(timmState(withClasses('mnasnet-small', 3)))

/** As timm 1.0 writes it, without what is null. */
const config = {
  architecture: 'mnasnet_small',
  num_classes: 3,
  num_features: 1280,
  global_pool: 'avg',
  model_args: { in_chans: 3, num_classes: 3, global_pool: 'avg' },
  pretrained_cfg: {
    tag: 'lamb_in1k',
    custom_load: false,
    input_size: [3, 192, 192],
    fixed_input_size: false,
    interpolation: 'bicubic',
    crop_pct: 0.9,
    crop_mode: 'center',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    num_classes: 3,
    first_conv: 'conv_stem',
    classifier: 'classifier',
    license: 'apache-2.0',
  },
}

/** Imports a folder with that config.json and these weights. */
async function importing(name: string, json: unknown, tensors: Tensors | null = small, changes: Partial<HubImport> = {}) {
  const [folder, out] = [path(name), path('models', name)]
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.json'), typeof json === 'string' ? json : JSON.stringify(json))
  if (tensors) await writeSafetensors(join(folder, 'model.safetensors'), tensors)
  const notes: string[] = []
  const note = (message: string) => notes.push(message)
  const bundle = await importHubFolder({ registry, folder, out, mnasVersion: '1.2.3', note, ...changes })
  return { folder, out, bundle, notes }
}
const changed = (pretrained: object, root: object = {}) => ({
  ...config,
  pretrained_cfg: { ...config.pretrained_cfg, ...pretrained },
  ...root,
})

describe('a folder as timm publishes it', () => {
  it('says all of itself', async () => {
    const source = 'hf:timm/mnasnet_small.lamb_in1k@0123456789'
    const names = { label_names: ['n01', 'n02', 'n03'] }
    const { out, bundle, notes } = await importing('whole', { ...config, ...names }, small, { source })
    expect(await readBundle(out)).toEqual(bundle)
    expect(bundle).toMatchObject({
      name: 'whole',
      labels: ['n01', 'n02', 'n03'],
      preprocessing: { fit: { kind: 'crop', fraction: 0.9 }, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
      architecture: {
        name: 'mnasnet-small',
        input: { size: 192 },
        padding: 'symmetric',
        batchNormEpsilon: 1e-5,
        task: { options: { classes: 3 } },
      },
    })
    expect(bundle.architecture.blocks[0]!.skip).toBe('identity')
    expect(bundle.provenance).toEqual({
      mnas: '1.2.3',
      import: {
        from: 'timm',
        file: 'model.safetensors',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        model: 'mnasnet_small.lamb_in1k',
        source,
        licence: 'apache-2.0',
        interpolation: 'bicubic',
      },
    })
    expect(notes).toEqual([expect.stringContaining('bicubic')])
    expect((await loadBundleWeights(out))['head_conv.kernel']!.data).toEqual(small['conv_head.weight']!.data)
  })

  it("says by its network's name whether TensorFlow's layers are meant: their tensors are the same", async () => {
    const [half, none] = [{ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }, { tag: undefined }]
    const torch = await importing('torch', changed(none, { architecture: 'efficientnet_lite0' }), lite)
    expect(torch.bundle.architecture).toMatchObject({ padding: 'symmetric', batchNormEpsilon: 1e-5, activation: 'relu6' })
    const tensorflow = await importing('tf', changed(half, { architecture: 'tf_efficientnet_lite0' }), lite)
    expect(tensorflow.bundle.architecture).toMatchObject({ padding: 'same', batchNormEpsilon: 1e-3, activation: 'relu6' })
    expect(tensorflow.bundle.preprocessing).toMatchObject({ mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] })
    const args = { model_args: { bn_eps: 1e-3, pad_type: 'same', act_layer: 'relu' } }
    const own = await importing('own', changed({}, { architecture: 'efficientnet_lite0', ...args }), lite)
    expect(own.bundle.architecture).toMatchObject({ padding: 'same', batchNormEpsilon: 1e-3, activation: 'relu' })
  })

  it('may be of an early version, in one object, with names for some classes', async () => {
    const { pretrained_cfg, architecture } = config
    const { license: _, ...cfg } = pretrained_cfg
    const { bundle } = await importing('early', { architecture, labels: { 0: 'cat', 2: 'owl' }, ...cfg })
    expect(bundle.labels).toEqual(['cat', '1', 'owl'])
    expect(bundle.preprocessing.fit).toEqual({ kind: 'crop', fraction: 0.9 })
  })

  it('has its licence in the model card where config.json has none', async () => {
    const folder = path('card')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'README.md'), '---\ntags:\n- timm\nlicense: cc-by-nc-4.0\n---\n# Model\nlicense: mit\n')
    const { bundle } = await importing('card', changed({ license: undefined }))
    expect(bundle.provenance['import']).toMatchObject({ licence: 'cc-by-nc-4.0' })
    await rm(join(folder, 'README.md'))
    const none = await importing('card', changed({ license: undefined }))
    expect(none.bundle.provenance['import']).not.toHaveProperty('licence')
  })

  it.each([
    ['border', { kind: 'letterbox', fill: [124, 116, 104] }],
    ['squash', { kind: 'stretch' }],
  ])('fits photos by %s where nothing is cropped', async (crop_mode, fit) => {
    expect((await importing(crop_mode, changed({ crop_mode, crop_pct: 1 }))).bundle.preprocessing.fit).toEqual(fit)
    const cropped = importing(`cropped-${crop_mode}`, changed({ crop_mode }), null)
    await expect(cropped).rejects.toMatchObject({ code: 'MNAS_IMPORT_CONFIG', message: expect.stringContaining('crop_mode') })
  })

  it.each([
    ['deeper', { architecture: 'mnasnet_100' }, 'MNAS_IMPORT_DISAGREE', 'those of mnasnet-small'],
    ['classes', { num_classes: 10 }, 'MNAS_IMPORT_DISAGREE', 'Expected 10 classes, received 3'],
    ['network', { architecture: 'resnet50' }, 'MNAS_IMPORT_NETWORK', 'received "resnet50"'],
    ['unnamed', { architecture: undefined }, 'MNAS_IMPORT_CONFIG', 'architecture'],
    ['argument', { model_args: { se_layer: 'eca' } }, 'MNAS_IMPORT_CONFIG', 'model_args'],
    ['channels', { model_args: { in_chans: 1 } }, 'MNAS_IMPORT_CONFIG', 'model_args.in_chans'],
    ['pooling', { global_pool: 'catavgmax' }, 'MNAS_IMPORT_CONFIG', 'global_pool'],
    ['names', { label_names: ['a', 'b', 'a'] }, 'MNAS_IMPORT_CONFIG', 'label_names'],
    ['mean', { pretrained_cfg: { ...config.pretrained_cfg, mean: [1, 2] } }, 'MNAS_IMPORT_CONFIG', 'pretrained_cfg.mean'],
    ['oblong', { pretrained_cfg: { input_size: [3, 96, 128] } }, 'MNAS_IMPORT_CONFIG', 'a square input'],
    ['nothing', { pretrained_cfg: { tag: 'x' } }, 'MNAS_IMPORT_STYLE', '--mean, --std'],
  ])('is refused with %s', async (name, root, code, says) => {
    const refused = importing(`refused-${name}`, changed({}, root), /DISAGREE|STYLE/.test(code) ? small : null)
    await expect(refused).rejects.toMatchObject({ code, exitCode: 3, message: expect.stringContaining(says) })
  })

  it('takes from flags what config.json leaves open, and nothing else', async () => {
    const open = { pretrained_cfg: { tag: 'x' } }
    const style = { mean: [1, 2, 3], std: [4, 5, 6] } as const
    const { bundle } = await importing('open', changed({}, open), small, { style })
    expect(bundle.preprocessing).toMatchObject({ ...style, fit: { kind: 'crop', fraction: 0.875 } })
    const against = importing('against', config, null, { style: { padding: 'same' } })
    await expect(against).rejects.toMatchObject({ code: 'MNAS_IMPORT_CONFIG', message: expect.stringContaining('padding') })
  })

  it.each([
    ['cut', '{"architecture": "mnasnet_small", "pre', 'MNAS_IMPORT_CONFIG', 'not JSON'],
    ['list', '[]', 'MNAS_IMPORT_CONFIG', 'Expected'],
    ['number', '7', 'MNAS_IMPORT_CONFIG', 'the whole file'],
    ['constructor', '{"architecture": "constructor", "pretrained_cfg": {}}', 'MNAS_IMPORT_NETWORK', 'constructor'],
  ])('with a config.json that is %s is refused', async (name, text, code, says) => {
    const refused = importing(`bad-${name}`, text, null)
    await expect(refused).rejects.toMatchObject({ code, exitCode: 3, message: expect.stringContaining(says) })
  })

  it('without weights, or with pickled ones alone, is named', async () => {
    await expect(importing('empty', config, null)).rejects.toMatchObject({ code: 'MNAS_IMPORT_FOLDER' })
    const folder = path('pickled')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'pytorch_model.bin'), 'PK\x03\x04\x00\x00\x08\x08', 'latin1')
    const refused = importing('pickled', config, null)
    await expect(refused).rejects.toMatchObject({
      code: 'MNAS_IMPORT_PICKLE',
      message: expect.stringContaining(JSON.stringify(join(folder, 'model.safetensors'))),
    })
    const nowhere = importHubFolder({ registry, folder: path('nowhere'), out: path('x'), mnasVersion: '0' })
    await expect(nowhere).rejects.toMatchObject({ code: 'MNAS_IMPORT_FOLDER', message: expect.stringContaining('config.json') })
  })
})

describe("timm's names", () => {
  it.each([
    ['mnasnet_050', 'mnasnet-b1@0.5'],
    ['semnasnet_100', 'mnasnet-a1'],
    ['mobilenetv2_110d', 'mobilenet-v2-variant'],
    ['spnasnet_100', 'spnasnet'],
    ['tf_efficientnet_lite4', 'efficientnet-lite4'],
  ])('%s is %s', (name, ours) => {
    expect(timmArchitecture(name)?.name).toBe(ours)
  })

  it('of other networks are none of ours', () => {
    for (const name of ['resnet50', 'efficientnet_b0', 'toString', '__proto__', ''])
      expect(timmArchitecture(name)).toBeUndefined()
  })
})
