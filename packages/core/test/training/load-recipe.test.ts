import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadRecipe, mergeRecipe } from '@mnas/core/training'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './support/fake-training.js'

const presets = {
  quick: {
    optimizer: { kind: 'sgd', momentum: 0.9 },
    epochs: 30,
    average: { decay: 0.99 },
    augmentation: { flip: true, mixup: 0.2 },
  },
  paper: { optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3 }, epochs: 350 },
  proxy: { epochs: 3 },
}
const task = { recipes: presets }

async function file(content: unknown): Promise<string> {
  const path = join(await temporaryFolder(), 'recipe.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('a recipe', () => {
  test('is one of the task by name', async () => {
    expect(await loadRecipe('quick', task)).toBe(presets.quick)
    expect(await loadRecipe('paper', task)).toBe(presets.paper)
  })

  test('is a file that stands for itself, or says what differs from another', async () => {
    expect(await loadRecipe(await file({ epochs: 5 }), task)).toEqual({ epochs: 5 })
    const changed = {
      extends: 'quick',
      epochs: 60,
      average: null,
      augmentation: { mixup: null, flip: false, crop: { area: [0.2, 1] } },
    }
    expect(await loadRecipe(await file(changed), task)).toEqual({
      optimizer: presets.quick.optimizer,
      epochs: 60,
      augmentation: { flip: false, crop: { area: [0.2, 1] } },
    })
  })

  test('of another kind of optimizer takes nothing over from the old one', () => {
    const base = presets.paper
    expect(mergeRecipe(base, { optimizer: { kind: 'sgd', momentum: 0.5 } })['optimizer']).toEqual({ kind: 'sgd', momentum: 0.5 })
    expect(mergeRecipe(base, { optimizer: { momentum: 0.5 } })['optimizer']).toEqual({ ...base.optimizer, momentum: 0.5 })
    expect(base.optimizer.momentum).toBe(0.9)
  })

  test.each([
    ['there is no such file', async () => join(await temporaryFolder(), 'quik')],
    ['it is not a JSON object', () => file([1])],
    ['JSON', () => file('{')],
    ['"extends" is "fast"', () => file({ extends: 'fast' })],
  ])('that cannot be used is named: %s', async (reason, path) => {
    const loading = loadRecipe(await path(), task)
    await expect(loading).rejects.toMatchObject({ code: 'MNAS_TRAIN_RECIPE_FILE', exitCode: 3 })
    await expect(loading).rejects.toThrow(reason)
    await expect(loading).rejects.toThrow(/Expected quick, paper, proxy or a JSON file/)
  })
})
