// What `npm ci` needs on every machine: a lockfile that names the optional packages of all platforms, and a
// word in package.json about every install script.
import type { Source } from './sources.ts'

type Entry = { version?: string; hasInstallScript?: boolean; optionalDependencies?: Record<string, string> }
type Lockfile = { packages: Record<string, Entry> }

export function lockfileProblems(sources: Source[]): string[] {
  const textOf = (path: string) => sources.find((source) => source.path === path)?.text ?? '{}'
  const { packages } = JSON.parse(textOf('package-lock.json')) as Lockfile
  const { allowScripts = {} } = JSON.parse(textOf('package.json')) as {
    allowScripts?: Record<string, boolean>
  }
  return Object.entries(packages).flatMap(([path, entry]) => {
    const missing = Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !isReachable(packages, path, name),
    )
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return [
      ...missing.map(
        (optional) =>
          `package-lock.json does not name ${optional}, which ${name} may need on another platform: npm ci refuses that. ` +
          'Add its entry (version, os, cpu, optional), or run npm install against a registry that has every platform.',
      ),
      ...(entry.hasInstallScript && allowScripts[name] === undefined
        ? [
            `${name} has an install script, and allowScripts in package.json says neither true nor false about it.`,
          ]
        : []),
    ]
  })
}

/** Whether Node would find `name` from `path`: beside it or in a node_modules further up. */
function isReachable(packages: Lockfile['packages'], path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (!at) return false
  }
}
