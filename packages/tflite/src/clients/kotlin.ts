/** As Kotlin writes a text: `$` would begin a template. */
export const kotlinText = (value: string): string => JSON.stringify(value).replaceAll('$', '\\$')
