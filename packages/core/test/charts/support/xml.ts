/** An element of a document: its name, attributes, and the text directly in it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 does not allow
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/
const token = /<(\/?)([a-z][\w:.-]*)((?:\s+[a-z][\w:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/giy

/** All elements of an XML document in order. Strict: throws at whatever is not well-formed. Knows only what an SVG without comments holds. */
export function parseXml(document: string): readonly Element[] {
  if (forbidden.test(document)) throw new Error('a character that XML does not allow')
  const elements: Element[] = []
  const open: Element[] = []
  token.lastIndex = 0
  while (token.lastIndex < document.length) {
    const at = token.lastIndex
    const match = token.exec(document)
    if (!match) throw new Error(`not well-formed at ${at}: ${document.slice(at, at + 80)}`)
    const [, closing, name = '', attributes = '', empty, text] = match
    if (text !== undefined) addText(open.at(-1), unescaped(text))
    else if (closing) {
      const last = open.pop()
      if (last?.name !== name) throw new Error(`</${name}> closes <${last?.name}>`)
    } else {
      const element = { name, attributes: attributesOf(attributes), text: '' }
      elements.push(element)
      if (!empty) open.push(element)
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is not closed`)
  return elements
}

function addText(element: Element | undefined, text: string): void {
  if (element) element.text += text
  else if (text.trim() !== '') throw new Error(`text outside of the document: ${text}`)
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, unescaped(value!)]))
}

function unescaped(text: string): string {
  return text.replaceAll(/&([^;]*;?)/g, (_, reference: string) => {
    const character = entities[reference.slice(0, -1)]
    if (!reference.endsWith(';') || character === undefined) throw new Error(`a bare "&" in ${text.slice(0, 80)}`)
    return character
  })
}
