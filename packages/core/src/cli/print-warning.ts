/** Node prints a warning of oclif's in five lines with a process number; here it is one, for people. */
export function printWarningsInOneLine(): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning: Error & { readonly detail?: string }) => {
    const [message = ''] = warning.message.split('\n', 1)
    const ofPlugin = warning.detail?.includes('module: @oclif/core') ?? false
    process.stderr.write(
      ofPlugin ? `! a plug-in does not load: ${message}; "mnas doctor" shows more\n` : `! ${warning.name}: ${message}\n`,
    )
  })
}
