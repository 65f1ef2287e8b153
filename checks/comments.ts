// A comment that names a file or a function of ours names one that exists.
import { existing, isPath } from './documents.ts'
import type { Source } from './sources.ts'

/** One sentence for every name in a comment that means nothing. */
export function commentProblems(sources: Source[], allPaths: string[]): string[] {
  const programs = sources.filter(({ path }) => /(?<!\.generated)\.(?:ts|tsx|mjs|js|css|sql)$/.test(path))
  const split = programs.map(({ path, text }) => ({ path, ...splitComments(path, text) }))
  const words = new Set(split.flatMap(({ code }) => functionsIn(code)))
  const isThere = existing(allPaths)
  const isFile = (name: string) => isThere(name) || allPaths.some((path) => path.endsWith(`/${name}`))
  return split.flatMap(({ path, comments }) => [
    ...filesIn(comments)
      .filter((name) => !isFile(name))
      .map((name) => `${path} has a comment that names ${name}, which does not exist. Correct it.`),
    ...functionsIn(comments)
      .filter((name) => !words.has(name))
      .map((name) => `${path} has a comment that names ${name}, which no code knows. Correct it.`),
  ])
}

/** Strings are matched too, because they may hold what looks like a comment: 'tests/**'. */
const stringOrComment =
  /'[^'\\\n]*(?:\\.[^'\\\n]*)*'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|`[^`\\]*(?:\\[\s\S][^`\\]*)*`|(\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$)/gm

function splitComments(path: string, text: string): { code: string; comments: string } {
  const pattern = path.endsWith('.sql') ? /(--.*$)/gm : stringOrComment
  let comments = ''
  const code = text.replace(pattern, (all, comment?: string) => {
    if (comment === undefined) return all
    comments += `${comment}\n`
    return ' '
  })
  return { code, comments }
}

/** Paths from the root, and names with the ending of a source file. `/x.css` is an address, no file. */
const filesIn = (text: string) =>
  unique(
    text
      .split(/[\s,;:()"'`|]+/)
      .map((word) => word.replace(/^(?:\.{1,2}\/)+/, '').replace(/\.$/, ''))
      .filter((word) => isPath(word) || /^\w[\w./-]*\.(?:ts|tsx|mjs|sql|css|md)$/.test(word))
      .filter((word) => !/[<{]/.test(word)),
  )

/** Words in camel case. */
const functionsIn = (text: string) => unique(text.match(/\b[a-z]+[A-Z]\w*\b/g) ?? [])

const unique = (words: string[]) => [...new Set(words)]
