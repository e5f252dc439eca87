import type { Json, JsonObject } from '@mnas/core/contracts'
import type { RunFile } from '../../run/run-file.js'
import { html } from '../page/html.js'
import { foldedTable } from '../page/table.js'
import type { Panel } from './panel.js'

/** All that run.json says. */
export function settingsPanel({ settings, plan, versions, createdAt, postProcessing }: RunFile): Panel {
  const all = { createdAt, ...settings, plan, versions, ...(postProcessing && { postProcessing: { ...postProcessing } }) }
  return {
    id: 'settings',
    title: 'Settings',
    text: html`What the run began with. A search with the same settings and seed on the same images proposes and trains the same.`,
    body: [
      foldedTable({
        caption: 'All settings',
        columns: ['setting', 'value'],
        rows: flat(all).map((row) => row.map((long) => ({ long }))),
      }),
    ],
  }
}

/** `{a: {b: 1}}` → `a.b`, `1`; lists stay one value. */
function flat(value: JsonObject, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([name, inner]): readonly (readonly [string, string])[] => {
    const own = path ? `${path}.${name}` : name
    if (isObject(inner)) return Object.keys(inner).length === 0 ? [[own, 'none']] : flat(inner, own)
    return [[own, typeof inner === 'string' ? inner : JSON.stringify(inner)]]
  })
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
