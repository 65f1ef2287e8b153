// The search lives in the address, so that a reload, the back button and a shared link preserve it.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'

const settleAfterMs = 250
/** The server's limit. */
export const longestSearch = 100

export function useHostSearch() {
  const [parameters, setParameters] = useSearchParams()
  const q = (parameters.get('q') ?? '').slice(0, longestSearch)
  const tags = (parameters.get('tags') ?? '').split(',').filter(Boolean)
  const [typed, setTyped] = useState(q)
  const written = useRef(q)

  const write = useCallback(
    (name: string, value: string) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before)
          if (value === '') after.delete(name)
          else after.set(name, value)
          return after
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParameters],
  )

  useEffect(() => {
    const wanted = typed.trim()
    if (wanted === written.current) return
    const timer = setTimeout(() => {
      written.current = wanted
      write('q', wanted)
    }, settleAfterMs)
    return () => clearTimeout(timer)
  }, [typed, write])

  // Back, forward or a link changed the address, so the field follows.
  useEffect(() => {
    if (q === written.current) return
    written.current = q
    setTyped(q)
  }, [q])

  return {
    q,
    typed,
    type: setTyped,
    tags,
    setTags: (next: string[]) => write('tags', next.join(',')),
    clear() {
      written.current = ''
      setTyped('')
      setParameters(
        (before) => {
          const after = new URLSearchParams(before)
          after.delete('q')
          after.delete('tags')
          return after
        },
        { replace: true },
      )
    },
    first: parameters.get('first') ?? '',
    bookingId: parameters.get('for') ?? '',
    sort: parameters.get('sort') === 'next' ? ('next' as const) : ('name' as const),
    setSort: (next: string) => write('sort', next === 'next' ? 'next' : ''),
  }
}
