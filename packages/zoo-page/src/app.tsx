import { pageErrors } from '@mnas/plugin-zoo'
import { useEffect, useErrorBoundary, useRef } from 'preact/hooks'
import { viewOf } from './address.js'
import { CompareView } from './compare/compare-view.js'
import { EntryView } from './entry/entry-view.js'
import { ListLoader } from './list/list-loader.js'
import { ErrorNote } from './parts/error-note.js'
import { Link, type Router, RouterProvider, useAddress } from './router.js'
import { ZooClient } from './zoo/zoo-client.js'

const zoo = new ZooClient(new URL('.', document.baseURI).href)

export function App() {
  const router = useAddress()
  const main = useMain(router)
  return (
    <RouterProvider value={router}>
      <a class="skip" href="#main">
        To the content
      </a>
      <header>
        <p>
          <Link to="?">Zoo of models</Link>
        </p>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <Guarded router={router} key={JSON.stringify(viewOf(router.address))} />
      </main>
      <footer class="quiet">Static files: this page asks no other server, and photos stay with you.</footer>
    </RouterProvider>
  )
}

/** What a zoo says against its schema breaks one view, not the page. */
function Guarded({ router }: { readonly router: Router }) {
  const [error] = useErrorBoundary()
  if (error === undefined) return <Shown router={router} />
  const cause = pageErrors.MNAS_PAGE_ZOO({ what: 'a file of this zoo', expected: 'what the schema of entries says' }, error)
  return <ErrorNote error={cause} />
}

function Shown({ router }: { readonly router: Router }) {
  const view = viewOf(router.address)
  switch (view.kind) {
    case 'list':
      return <ListLoader zoo={zoo} />
    case 'entry':
      return <EntryView zoo={zoo} name={view.name} release={view.release} key={`${view.name}@${view.release}`} />
    case 'compare':
      return <CompareView zoo={zoo} one={view.one} other={view.other} key={`${view.one} ${view.other}`} />
    default:
      return view satisfies never
  }
}

/** Whoever follows a link inside the page is led to what it shows, as on a new page. */
function useMain({ address }: Router) {
  const main = useRef<HTMLElement>(null)
  const view = JSON.stringify(viewOf(address))
  const before = useRef(view)
  useEffect(() => {
    if (before.current !== view) main.current?.focus({ preventScroll: true })
    before.current = view
  }, [view])
  return main
}
