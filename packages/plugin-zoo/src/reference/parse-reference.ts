import { isEntryName, isRelease } from '../entry/names.js'

/** What a model is called by, from anywhere: `zoo:me/photos@1.2`, `me/photos@sha256:…`, `hf:owner/repo@rev`, the address of an entry's folder. */
export type ModelReference =
  | {
      readonly kind: 'zoo'
      readonly name: string
      /** A release, or a beginning of one (`1`, `1.2`): the newest of those; null: the newest of all. */
      readonly release: string | null
      /** Of entry.json, instead of a release. */
      readonly digest: string | null
      /** Of the zoo, where the reference says it. */
      readonly location?: string
    }
  | { readonly kind: 'hf'; readonly repo: string; readonly revision: string | null }

/** Null when it is none. `zoo:` may be left out where nothing but a zoo's entry can be meant. */
export function parseReference(text: string): ModelReference | null {
  const hub = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/.exec(text)
  if (hub) return { kind: 'hf', repo: hub[1]!, revision: hub[2] ?? null }
  if (/^https?:/.test(text)) return parseAddress(text)
  const [, name, at] = /^(?:zoo:)?([^@:]+)(?:@(.+))?$/.exec(text) ?? []
  if (name === undefined || !isEntryName(name)) return null
  const digest = /^sha256:([0-9a-f]{64})$/.exec(at ?? '')?.[1] ?? null
  if (at !== undefined && digest === null && !/^\d+(?:\.\d+){0,2}(?:-[\w.-]+)?$/.test(at)) return null
  return { kind: 'zoo', name, release: digest === null ? (at ?? null) : null, digest }
}

/** `https://example.org/zoo/entries/me/photos/1.0.0`, with or without `/entry.json`: as a browser shows it. */
function parseAddress(text: string): ModelReference | null {
  const pattern = /^(?<location>https?:\/\/[^?#]+)\/entries\/(?<name>[^/]+\/[^/]+)\/(?<release>[^/]+?)\/?(?:entry\.json)?$/
  const { location, name, release } = pattern.exec(text)?.groups ?? {}
  if (location === undefined || !isEntryName(name!) || !isRelease(release!)) return null
  return { kind: 'zoo', name: name!, release: release!, digest: null, location }
}
