import type { Padding, Window } from '@mnas/core/contracts'
import { paddingScheme } from '@mnas/core/graph'
import type { PaddingScheme } from '../flatbuffer/schema.js'

/** How TFLite gets a window's padding: a scheme of its own, else zeros added in front of the operator. */
export type WindowPadding = { readonly scheme: PaddingScheme } | { readonly scheme: 'explicit'; readonly padding: Padding }

export function windowPadding(window: Window, input: readonly number[], output: readonly number[]): WindowPadding {
  const scheme = paddingScheme(window, input, output)
  return scheme === 'explicit' ? { scheme, padding: window.padding } : { scheme }
}
