import type { ZooEntry } from '@mnas/plugin-zoo'
import { lazily } from '../parts/lazily.js'

const Markdown = lazily(() => import('./markdown.js').then(({ Markdown: component }) => component))

interface CardViewProps {
  readonly card: ZooEntry['card']
  readonly readme: string | null
}

/** What its makers write: README.md, or else the paragraphs of the entry. */
export function CardView({ card, readme }: CardViewProps) {
  const text = readme === null ? null : withoutFrontMatter(readme)
  const parts = [
    ['What it is for', card.intendedUse],
    ['What it cannot do', card.limits],
    ['Risks', card.risks],
  ] as const
  return (
    <section aria-labelledby="card" class="card">
      <h2 id="card">Card</h2>
      {text !== null ? (
        <Markdown text={text} />
      ) : (
        parts.map(
          ([name, paragraph]) =>
            paragraph !== '' && (
              <div key={name}>
                <h3>{name}</h3>
                <Markdown text={paragraph} />
              </div>
            ),
        )
      )}
    </section>
  )
}

/** What stands between two lines of `---` at the top is for programs. */
const withoutFrontMatter = (text: string) => text.replace(/^---\r?\n[\s\S]*?\n---\r?(?:\n|$)/, '')
