/** Endings of files that lie beside photos and that nobody takes for one, in lower case. */
const others: ReadonlySet<string> = new Set([
  // labels, tables, notes
  ...[
    'csv',
    'tsv',
    'json',
    'jsonl',
    'ndjson',
    'xml',
    'yaml',
    'yml',
    'toml',
    'txt',
    'md',
    'rst',
    'log',
    'ini',
    'cfg',
    'parquet',
    'arrow',
  ],
  ...['xls', 'xlsx', 'ods', 'doc', 'docx', 'odt', 'rtf', 'pdf', 'html', 'htm', 'url', 'lnk', 'webloc'],
  // arrays, models, programs
  ...[
    'npy',
    'npz',
    'h5',
    'hdf5',
    'mat',
    'pkl',
    'pt',
    'pth',
    'onnx',
    'tflite',
    'safetensors',
    'tfrecord',
    'record',
    'lmdb',
    'mdb',
    'db',
  ],
  ...['sqlite', 'py', 'pyc', 'ipynb', 'js', 'ts', 'sh', 'bat', 'ps1', 'm', 'r'],
  // archives, sums
  ...['zip', 'tar', 'gz', 'tgz', 'bz2', 'xz', 'zst', '7z', 'rar', 'md5', 'sha1', 'sha256', 'torrent', 'part', 'crdownload'],
  // what cameras and phones write beside a photo: films, sounds, edits, thumbnails
  ...[
    'mov',
    'mp4',
    'm4v',
    'avi',
    'mkv',
    'webm',
    'mpg',
    'mpeg',
    '3gp',
    'mts',
    'lrv',
    'insv',
    'wav',
    'mp3',
    'm4a',
    'aac',
    'thm',
    'xmp',
  ],
  ...['aae', 'pp3', 'dop', 'cos', 'nksc', 'srt', 'gpx', 'lrcat', 'psd', 'xcf'],
])

/** The ending of a file that is no photo by its name, with its dot, or undefined. */
export function otherKind(name: string): string | undefined {
  const dot = name.lastIndexOf('.')
  const ending = name.slice(dot + 1).toLowerCase()
  return dot >= 0 && others.has(ending) ? `.${ending}` : undefined
}

/** Counts files that are no photos, by their endings. */
export class OtherKinds {
  readonly #counts = new Map<string, number>()

  add(ending: string): void {
    this.#counts.set(ending, (this.#counts.get(ending) ?? 0) + 1)
  }

  /** `3 files are no photos and do not count: 2 .csv, 1 .json`; undefined when there are none. */
  describe(): string | undefined {
    const counts = [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    const total = counts.reduce((sum, [, count]) => sum + count, 0)
    if (total === 0) return undefined
    const kinds = counts.map(([ending, count]) => `${count.toLocaleString('en')} ${ending}`).join(', ')
    return `${total === 1 ? '1 file is no photo and does' : `${total.toLocaleString('en')} files are no photos and do`} not count: ${kinds}`
  }
}
