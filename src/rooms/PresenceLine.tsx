/** Whether the other person is there, in words: a dot alone says nothing to those who cannot see it. */
export function PresenceLine({
  name,
  isIn,
  wasIn = false,
  className = '',
}: {
  name: string
  isIn: boolean
  wasIn?: boolean
  className?: string
}) {
  return (
    <p role="status" className={`flex items-center gap-2 ${className}`}>
      <span
        aria-hidden="true"
        className={`size-2.5 shrink-0 rounded-full ${isIn ? 'bg-accent' : 'border-2 border-line-strong'}`}
      />
      {isIn ? `${name} is here` : wasIn ? `${name} has left` : `${name} isn't here yet`}
    </p>
  )
}
