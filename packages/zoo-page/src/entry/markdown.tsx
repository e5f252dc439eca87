import { lexer, type Token, type Tokens } from 'marked'
import type { ComponentChildren, VNode } from 'preact'

/** Beyond it a card is shown as plain text: parsing takes time that grows. */
const mostCharacters = 100_000
/** Quotes in lists in quotes: what is deeper is shown as written. */
const mostDepth = 12

/**
 * Markdown as elements of the page. HTML in it is shown as the text that it is, pictures as links to them, and addresses that are none of the web
 * as text: nothing of a card runs, and nothing is fetched.
 */
export function Markdown({ text }: { readonly text: string }) {
  return <div class="markdown">{text.length > mostCharacters ? <pre>{text}</pre> : blocks(lexer(text), 0)}</div>
}

const blocks = (tokens: readonly Token[], depth: number): ComponentChildren =>
  tokens.map((token, index) => <Block key={index} token={token} depth={depth} />)

function Block({ token, depth }: { readonly token: Token; readonly depth: number }): ComponentChildren {
  if (depth > mostDepth) return token.raw
  const inner = (of: { readonly tokens?: Token[] | undefined }) => inline(of.tokens ?? [], depth + 1)
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'heading':
      return <Heading level={token['depth']}>{inner(token as Tokens.Heading)}</Heading>
    case 'paragraph':
      return <p>{inner(token as Tokens.Paragraph)}</p>
    case 'code':
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote>{blocks((token as Tokens.Blockquote).tokens, depth + 1)}</blockquote>
    case 'hr':
      return <hr />
    case 'list':
      return <List list={token as Tokens.List} depth={depth} />
    case 'table':
      return <Table table={token as Tokens.Table} depth={depth} />
    case 'text':
      return token['tokens'] ? inner(token as Tokens.Text) : (token as Tokens.Text).text
    case 'checkbox':
      return (token as Tokens.Checkbox).checked ? '☑ ' : '☐ '
    default:
      return <p>{token.raw}</p>
  }
}

/** Below the headings of the page. */
function Heading({ level, children }: { readonly level: number; readonly children: ComponentChildren }): VNode {
  if (level <= 1) return <h3>{children}</h3>
  return level === 2 ? <h4>{children}</h4> : <h5>{children}</h5>
}

function List({ list, depth }: { readonly list: Tokens.List; readonly depth: number }): VNode {
  const items = list.items.map((item, index) => <li key={index}>{blocks(item.tokens, depth + 1)}</li>)
  return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>
}

function Table({ table, depth }: { readonly table: Tokens.Table; readonly depth: number }): VNode {
  const cells = (row: readonly Tokens.TableCell[], Cell: 'th' | 'td') =>
    row.map((cell, index) => <Cell key={index}>{inline(cell.tokens, depth + 1)}</Cell>)
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>{cells(table.header, 'th')}</tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const inline = (tokens: readonly Token[], depth: number): ComponentChildren =>
  tokens.map((token, index) => <Inline key={index} token={token} depth={depth} />)

function Inline({ token, depth }: { readonly token: Token; readonly depth: number }): ComponentChildren {
  if (depth > mostDepth) return token.raw
  const children = inline((token as { readonly tokens?: Token[] }).tokens ?? [], depth + 1)
  switch (token.type) {
    case 'strong':
      return <strong>{children}</strong>
    case 'em':
      return <em>{children}</em>
    case 'del':
      return <del>{children}</del>
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>
    case 'br':
      return <br />
    case 'link':
      return <WebLink url={(token as Tokens.Link).href}>{children}</WebLink>
    case 'image':
      return <WebLink url={(token as Tokens.Image).href}>{(token as Tokens.Image).text || 'picture'}</WebLink>
    case 'escape':
      return (token as Tokens.Escape).text
    case 'text':
      return (token as Tokens.Text).tokens ? children : (token as Tokens.Text).text
    default:
      return token.raw
  }
}

function WebLink({ url, children }: { readonly url: string; readonly children: ComponentChildren }): VNode {
  if (!/^https?:\/\//i.test(url)) return <span>{children}</span>
  return (
    <a href={url} rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}
