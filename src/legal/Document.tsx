// One document of the folder legal/, as it is agreed to.
import { useQuery } from '@tanstack/react-query'
import { marked } from 'marked'
import { useMemo } from 'react'
import { documentQuery } from '../api/queries.ts'

/** Our own text from our own repository, so its HTML needs no cleaning. */
export function DocumentText({ name, isInside = false }: { name: string; isInside?: boolean }) {
  const document = useQuery(documentQuery(name))
  const html = useMemo(() => {
    const text = document.data?.markdown ?? ''
    // The page has the title already.
    return marked.parse(text.replace(/^# .*\n/, ''), { async: false })
  }, [document.data])
  if (document.isPending) return <div className="skeleton h-40 rounded-card" />
  if (!document.data) return <p role="alert">This text did not load. Please try again.</p>
  return (
    <div
      className={`legal-text ${isInside ? 'text-[0.9375rem]' : 'text-lg'}`}
      // oxlint-disable-next-line react/no-danger
      dangerouslySetInnerHTML={{ __html: html }}
    />
  )
}
