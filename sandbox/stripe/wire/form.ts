// application/x-www-form-urlencoded with brackets: `a[b][0]=c`, `expand[]=x`.
export type Raw = string | RawFields
export type RawFields = { [name: string]: Raw }

const emptyFields = (): RawFields => Object.create(null)

/** Splits `a[b][]` into ['a', 'b', '']. */
function pathOf(name: string): string[] {
  const opening = name.indexOf('[')
  if (opening < 1) return [name]
  const inner = name.slice(opening)
  if (!/^(\[[^[\]]*\])+$/.test(inner)) return [name]
  return [name.slice(0, opening), ...inner.slice(1, -1).split('][')]
}

/** Decodes a body or a query. Lists become objects with numeric names; `params.ts` makes them lists. */
export function decodeForm(text: string): RawFields {
  const root = emptyFields()
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name)
    let at = root
    path.forEach((part, depth) => {
      const key = part === '' ? String(Object.keys(at).length) : part
      if (depth === path.length - 1) {
        at[key] = value
        return
      }
      const next = at[key]
      at = typeof next === 'object' ? next : ((at[key] = emptyFields()) as RawFields)
    })
  }
  return root
}
