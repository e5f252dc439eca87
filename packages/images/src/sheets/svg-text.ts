const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text as SVG holds it. What XML cannot say at all (control characters) is left out. */
export function svgText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const sayable = text.replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, ' ')
  return sayable.replace(/[&<>"]/g, (sign) => entities[sign]!)
}
