interface FolderEntry {
  name: string
  isFile(): boolean
  isDirectory(): boolean
}

/** `readdirSync` of `node:fs`. */
export type ReadFolder = (folder: string, options: { withFileTypes: true }) => FolderEntry[]

/** All files below a folder; hidden folders are left out, and packages unless they are asked for. */
export function filesBelow(folder: string, withPackages: boolean, readdir: ReadFolder): string[] {
  return readdir(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isFile()) return [path]
    const isLeftOut = entry.name.startsWith('.') || (entry.name === 'node_modules' && !withPackages)
    return entry.isDirectory() && !isLeftOut ? filesBelow(path, withPackages, readdir) : []
  })
}
