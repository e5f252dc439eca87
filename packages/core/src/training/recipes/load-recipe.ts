import { z } from 'zod'
import type { Json, JsonObject, Task } from '../../contracts/index.js'
import { readJson } from '../../files/index.js'
import { trainingErrors } from '../errors.js'

const fileSchema = z.record(z.string(), z.json())

/**
 * A recipe by name, or a JSON file of its fields. A file with `"extends": "quick"` says only what differs: objects are merged field by field
 * and null takes a field out (JSON Merge Patch, RFC 7396), except that an object of another `kind` replaces the old one whole.
 * The fields themselves are checked by fitRecipe.
 * @throws MNAS_TRAIN_RECIPE_FILE
 */
export async function loadRecipe(argument: string, { recipes }: Pick<Task, 'recipes'>): Promise<JsonObject> {
  const named = recipeNamed(recipes, argument)
  if (named) return named
  const known = Object.keys(recipes)
  const { extends: base, ...fields } = await readRecipeFile(argument, known)
  if (base === undefined) return fields
  const extended = recipeNamed(recipes, base)
  if (extended) return mergeRecipe(extended, fields)
  throw trainingErrors.MNAS_TRAIN_RECIPE_FILE({ argument, reason: `"extends" is ${JSON.stringify(base)}`, known })
}

const recipeNamed = (recipes: Task['recipes'], name: unknown): JsonObject | undefined =>
  typeof name === 'string' && Object.hasOwn(recipes, name) ? recipes[name] : undefined

async function readRecipeFile(path: string, known: readonly string[]): Promise<JsonObject> {
  const wrong = (reason: string, cause?: unknown) =>
    trainingErrors.MNAS_TRAIN_RECIPE_FILE({ argument: path, reason, known }, cause)
  const json = await readJson(path, ({ reason, cause }) => wrong(reason, cause))
  if (json === null) throw wrong('there is no such file')
  const parsed = fileSchema.safeParse(json)
  if (!parsed.success) throw wrong('it is not a JSON object')
  return parsed.data
}

export function mergeRecipe(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    const old = merged[name]
    if (value === null) delete merged[name]
    else if (isObject(value))
      merged[name] = isObject(old) && sameKind(old, value) ? mergeRecipe(old, value) : mergeRecipe({}, value)
    else merged[name] = value
  }
  return merged
}

const sameKind = (old: JsonObject, patch: JsonObject) => patch['kind'] === undefined || patch['kind'] === old['kind']

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
