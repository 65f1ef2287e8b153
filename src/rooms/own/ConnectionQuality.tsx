import type { Quality } from './quality.ts'

const words: Record<Quality, { text: string; bars: number; colour: string }> = {
  good: { text: 'Good connection', bars: 3, colour: 'bg-accent' },
  fair: { text: 'Weak connection', bars: 2, colour: 'bg-caution' },
  poor: { text: 'Poor connection', bars: 1, colour: 'bg-danger' },
}

/** Bars for the eye, and words for everybody where the connection is not good. */
export function ConnectionQuality({ quality }: { quality: Quality | undefined }) {
  if (!quality) return null
  const { text, bars, colour } = words[quality]
  return (
    <p className="flex items-center gap-2 self-start rounded-full bg-surface/90 px-3 py-1.5 text-sm text-ink">
      <span aria-hidden="true" className="flex h-3.5 items-end gap-0.5">
        {[1, 2, 3].map((bar) => (
          <span
            key={bar}
            className={`w-1 rounded-full ${bar <= bars ? colour : 'bg-line-strong'}`}
            style={{ height: `${bar * 33}%` }}
          />
        ))}
      </span>
      <span className={quality === 'good' ? 'sr-only sm:not-sr-only' : ''}>{text}</span>
    </p>
  )
}
