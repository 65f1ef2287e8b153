import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { settingsQuery } from '../api/queries.ts'

const places: [string, string][] = [
  ['/help', 'Help and contact'],
  ['/legal/terms', 'Terms'],
  ['/legal/privacy', 'Privacy'],
  ['/legal/pledge', 'Community pledge'],
  ['/legal/age', 'Age'],
  ['/legal/not-therapy', 'Not therapy, not an emergency service'],
]

/** At the foot of every page. */
export function Footer() {
  const { data: settings } = useQuery(settingsQuery)
  const link = 'inline-flex min-h-11 items-center underline-offset-4 hover:text-ink hover:underline'
  return (
    <footer className="border-t border-line/70 text-[0.9375rem] text-ink-faint">
      <nav aria-label="About" className="mx-auto w-full max-w-6xl px-5 py-5 sm:px-8">
        <ul className="flex flex-wrap gap-x-6">
          {places.map(([to, label]) => (
            <li key={to}>
              <Link to={to} className={link}>
                {label}
              </Link>
            </li>
          ))}
          {settings && (
            <li>
              <a href={`mailto:${settings.contactEmail}`} className={link}>
                {settings.contactEmail}
              </a>
            </li>
          )}
        </ul>
      </nav>
    </footer>
  )
}
