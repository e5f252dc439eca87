/** Whether a file or folder of that name is hidden or left behind by an operating system. */
export function isClutter(name: string): boolean {
  return name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(name)
}
