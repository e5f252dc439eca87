/**
 * The folders that every group has, when all groups hold folders and all the same ones: then the groups are likely parts of one set (folds,
 * cameras, days) and the folders in them the classes.
 * @param subfolders of each group
 */
export function sharedSubfolders(subfolders: readonly (readonly string[])[]): readonly string[] | undefined {
  const [first, ...others] = subfolders.map((names) => [...names].sort())
  if (!first || others.length === 0 || first.length < 2) return undefined
  return others.every((names) => names.join('/') === first.join('/')) ? first : undefined
}
