import type { Point } from './draw-scatter.js'

/** The mark of a point, in a legend. */
export function Marker({ shape }: { readonly shape: Point['shape'] }) {
  return (
    <svg class={`marker ${shape}`} width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      {markOf(shape)}
    </svg>
  )
}

function markOf(shape: Point['shape']) {
  switch (shape) {
    case 'disc':
      return <circle r="4" />
    case 'ring':
      return <circle r="4" />
    case 'square':
      return <rect x="-4" y="-4" width="8" height="8" />
    case 'cross':
      return <path d="M-4 -4L4 4M-4 4L4 -4" />
    case 'star':
      return <path d="M0 -6L6 0L0 6L-6 0Z" />
    default:
      return shape satisfies never
  }
}
