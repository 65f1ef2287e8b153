// Everything we hold, as a file; and the way out.
import { Download } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { Button, buttonClass } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { DeleteAccount } from './DeleteAccount.tsx'

export function YourData() {
  const [isDeleting, setDeleting] = useState(false)
  return (
    <Card className="mt-6 p-6 sm:p-8">
      <h2 className="text-lg">Your data</h2>
      <p className="mt-2 text-ink-soft">
        Everything Presence holds of you, in one file: to read, or for another program.
      </p>
      <div className="mt-4 flex flex-wrap gap-3">
        <a className={buttonClass('secondary', 'small')} href={api.ownFileUrl('html')} download>
          <Download aria-hidden="true" /> To read
        </a>
        <a className={buttonClass('secondary', 'small')} href={api.ownFileUrl('json')} download>
          <Download aria-hidden="true" /> As JSON
        </a>
      </div>
      <div className="mt-6 border-t border-line pt-5">
        <p className="text-ink-soft">
          You can leave at any time. We tell you first what becomes of your sessions.
        </p>
        <Button kind="danger" size="small" className="mt-3" onClick={() => setDeleting(true)}>
          Delete my account
        </Button>
      </div>
      {isDeleting && <DeleteAccount onClose={() => setDeleting(false)} />}
    </Card>
  )
}
