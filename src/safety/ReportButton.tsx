import { Flag } from 'lucide-react'
import { lazy, useState } from 'react'
import type { SessionRef } from '../api/api.ts'
import { firstName } from '../words/format.ts'
import { DialogBoundary } from '../ui/DialogBoundary.tsx'
import { buttonClass } from '../ui/Button.tsx'

const ReportDialog = lazy(() => import('./ReportDialog.tsx'))

type Props = {
  about: SessionRef
  otherName: string
  canEnd?: boolean
  isNight?: boolean
  label?: string
  className?: string
  onEnded?: () => void
}

/** Reporting and blocking, wherever two people of a session are shown. */
export function ReportButton({ about, otherName, label = 'Report or block', className, ...rest }: Props) {
  const [isOpen, setOpen] = useState(false)
  const name = firstName(otherName)
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-label={`${label} ${name}`}
        className={className ?? buttonClass('quiet', 'small', 'px-3')}
      >
        <Flag aria-hidden="true" /> {label}
      </button>
      {isOpen && (
        <DialogBoundary onFailed={() => setOpen(false)}>
          <ReportDialog about={about} otherName={name} {...rest} onClose={() => setOpen(false)} />
        </DialogBoundary>
      )}
    </>
  )
}
