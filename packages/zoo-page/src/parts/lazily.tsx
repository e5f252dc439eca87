import type { ComponentType, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A component whose code is fetched when it is first shown. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element | null {
  let loading: Promise<ComponentType<P>> | undefined
  return (props) => {
    const [component, setComponent] = useState<{ readonly Component: ComponentType<P> } | null>(null)
    useEffect(() => {
      loading ??= load()
      void loading.then((Component) => setComponent({ Component }))
    }, [])
    return component && <component.Component {...props} />
  }
}
