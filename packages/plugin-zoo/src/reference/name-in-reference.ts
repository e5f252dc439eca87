import { parseReference } from './parse-reference.js'

/** What a model is called in short: `me/photos@1.2` → `photos`. Of what is no reference: `model`. */
export function nameInReference(text: string): string {
  const reference = parseReference(text)
  if (reference === null) return 'model'
  return (reference.kind === 'hf' ? reference.repo : reference.name).split('/')[1]!
}
