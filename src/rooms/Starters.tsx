import { RefreshCw, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/Button.tsx'

const fallback = 'What has been on your mind lately?'

/** Shows one question at a time; a list would feel like homework. */
export function Starters({ starters, onClose }: { starters: string[]; onClose: () => void }) {
  const [index, setIndex] = useState(0)
  return (
    <>
      <div className="mb-1 flex items-center justify-between">
        <p className="text-[0.9375rem] text-ink-faint">If it goes quiet</p>
        <button
          type="button"
          aria-label="Close the topics"
          onClick={onClose}
          className="-mt-1 -mr-2 grid size-11 place-items-center rounded-full text-ink-soft hover:bg-sunken"
        >
          <X className="size-5" aria-hidden="true" />
        </button>
      </div>
      <p aria-live="polite" className="min-h-16 text-xl leading-snug font-semibold tracking-[-0.015em]">
        {starters[index % Math.max(1, starters.length)] ?? fallback}
      </p>
      {starters.length > 1 && (
        <Button kind="quiet" size="small" className="mt-2 -ml-3 px-3" onClick={() => setIndex(index + 1)}>
          <RefreshCw aria-hidden="true" /> Another one
        </Button>
      )}
    </>
  )
}
