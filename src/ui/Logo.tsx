/** Two people facing each other: two arcs with the same centre line. */
export function Logo({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" fill="none">
      <circle cx="12" cy="16" r="8.25" stroke="currentColor" strokeWidth="3" />
      <circle cx="20" cy="16" r="8.25" stroke="currentColor" strokeWidth="3" opacity="0.55" />
    </svg>
  )
}
