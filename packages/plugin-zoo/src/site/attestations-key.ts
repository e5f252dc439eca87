/**
 * Of a site alone: the keys of all attestations by entry (`me/photos@1.0.0`), `{version: 1, entries}`. A page cannot ask a web server what lies in a
 * folder.
 */
export const attestationsKey = 'attestations.json'
