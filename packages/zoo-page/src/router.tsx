import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'

export interface Router {
  readonly address: URLSearchParams
  /** @param replace no step back leads to what was */
  go(search: string, options?: { readonly replace?: boolean }): void
}

const RouterContext = createContext<Router>({ address: new URLSearchParams(), go: () => undefined })
export const RouterProvider = RouterContext.Provider
export const useRouter = (): Router => useContext(RouterContext)

/** The address of the page as state. Paths stay as they are: any static web server will do. */
export function useAddress(): Router {
  const [search, setSearch] = useState(location.search)
  useEffect(() => {
    const back = () => setSearch(location.search)
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  return {
    address: new URLSearchParams(search),
    go(next, { replace = false } = {}) {
      const address = `${location.pathname}${next === '?' ? '' : next}`
      if (replace) history.replaceState(null, '', address)
      else history.pushState(null, '', address)
      setSearch(location.search)
      if (!replace) scrollTo(0, 0)
    },
  }
}

interface LinkProps {
  /** A query, with its `?`. */
  readonly to: string
  readonly class?: string
  readonly 'aria-label'?: string
  readonly children: ComponentChildren
}

/** A link inside the page, which another tab can open too. */
export function Link({ to, ...rest }: LinkProps) {
  const { go } = useRouter()
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    go(to)
  }
  return <a href={to} onClick={follow} {...rest} />
}
