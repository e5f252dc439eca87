/** Numbers for people; the exact one stands in `value`. */
export const Bytes = ({ value }: { readonly value: number }) => <data value={String(value)}>{formatBytes(value)}</data>

export const formatBytes = (bytes: number): string => {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(2)} MB`
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes} B`
}

/** Parameters, multiply-adds. */
export const formatCount = (count: number): string => {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} G`
  if (count >= 1e6) return `${(count / 1e6).toFixed(2)} M`
  return count >= 1e4 ? `${(count / 1e3).toFixed(0)} k` : String(count)
}

export const formatMs = (ms: number): string => (ms < 1 ? ms.toFixed(3) : ms < 10 ? ms.toFixed(2) : ms.toFixed(1))
