/**
 * What systems, tools and shops leave behind among photos, in lower case; hidden names (a dot in front) need no list. Nothing here is a name
 * that anybody would give to a class.
 */
const clutter: ReadonlySet<string> = new Set([
  // Windows
  'thumbs.db',
  'ehthumbs.db',
  'ehthumbs_vista.db',
  'desktop.ini',
  '$recycle.bin',
  'recycler',
  'system volume information',
  // macOS, and the archives that it makes
  '__macosx',
  'icon\r',
  'network trash folder',
  'temporary items',
  // Linux: of every ext4 disk, readable by nobody
  'lost+found',
  // Synology and QNAP: thumbnails, bins and snapshots of a NAS
  '@eadir',
  '@tmp',
  '#recycle',
  '#snapshot',
  '@recycle',
  '@recently-snapshot',
  '@__thumb',
  // Picasa, PaintShop, ACDSee, ZoomBrowser, Capture One
  'picasa.ini',
  'pspbrwse.jbf',
  'zbthumbnail.info',
  'captureone',
  // Python and Node, where a data set is a project too
  '__pycache__',
  'node_modules',
])

/** Folders of previews that Lightroom keeps, by their ending. */
const clutterEnding = /\.lrdata$/i

/** Whether a file or folder of that name is hidden or left behind by a program: neither it nor what is in it counts. */
export function isClutter(name: string): boolean {
  return name.startsWith('.') || clutter.has(name.toLowerCase()) || clutterEnding.test(name)
}
