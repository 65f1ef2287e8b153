import { countryOfZone, crisisLines, emergencyNumber } from '../../server/journey/members/crisis-lines.ts'
import { useZone } from '../api/queries.ts'

/** Whom to call now: the lines of the country whose clock this person lives by first. */
export function CrisisLines({ className = '' }: { className?: string }) {
  const zone = useZone()
  const own = countryOfZone(zone)
  const first = crisisLines.filter(({ country }) => country === own)
  const others = crisisLines.filter(({ country }) => country !== own)
  return (
    <aside aria-label="Help right now" className={`rounded-2xl bg-sunken p-4 text-[0.9375rem] ${className}`}>
      <p>
        <strong>In danger, or thinking of harming yourself?</strong> Presence is no emergency service. Call{' '}
        <Number number={emergencyNumber(own)} /> now.
      </p>
      <ul className="mt-2 grid gap-1">
        {first.map((line) => (
          <li key={line.name}>
            {line.name}: <Number number={line.number} />
          </li>
        ))}
        <li>
          <details>
            <summary className="min-h-11 cursor-pointer py-2.5 font-semibold">Other countries</summary>
            <ul className="grid gap-1">
              {others.map((line) => (
                <li key={line.name}>
                  {line.countryName}: {line.name} <Number number={line.number} />
                </li>
              ))}
              <li>
                Everywhere else:{' '}
                <a href="https://findahelpline.com" target="_blank" rel="noreferrer" className="underline">
                  findahelpline.com
                </a>
              </li>
            </ul>
          </details>
        </li>
      </ul>
    </aside>
  )
}

function Number({ number }: { number: string }) {
  return (
    <a href={`tel:${number.replaceAll(' ', '')}`} className="font-semibold whitespace-nowrap underline">
      {number}
    </a>
  )
}
