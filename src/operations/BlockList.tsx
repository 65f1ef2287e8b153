// Who is kept apart, and letting two people meet again with a reason.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Blocks } from '../../server/journey/operations/blocks-view.ts'
import { api } from '../api/api.ts'
import { blocksQuery, queryClient } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Problem } from '../ui/Notice.tsx'
import { TextField } from '../ui/TextField.tsx'
import { say, sentenceOf } from '../ui/toasts.ts'
import { now } from '../words/clock.ts'
import { browserZone, when } from '../words/format.ts'

type Block = Blocks['blocks'][number]

export function BlockList() {
  const blocks = useQuery(blocksQuery)
  if (blocks.isPending) return <div className="skeleton h-24 rounded-card" />
  if (!blocks.data) return <Problem error={blocks.error} onRetry={() => void blocks.refetch()} />
  if (blocks.data.length === 0) return <p className="text-ink-soft">Nobody is kept apart.</p>
  return (
    <ul className="grid gap-3">
      {blocks.data.map((block) => (
        <li key={block.id}>
          <One block={block} />
        </li>
      ))}
    </ul>
  )
}

function One({ block }: { block: Block }) {
  const [reason, setReason] = useState('')
  const [isLifting, setLifting] = useState(false)
  const lift = useMutation({
    mutationFn: () => api.liftBlock(block.id, reason.trim()),
    onSuccess() {
      say('They may meet again')
      return queryClient.invalidateQueries({ queryKey: ['ops'] })
    },
  })
  const zone = browserZone()
  const reports =
    block.reports === 0 ? 'no report' : block.reports === 1 ? '1 report' : `${block.reports} reports`
  return (
    <Card className="p-5">
      <p className="font-semibold">
        {block.memberName} (member) and {block.hostName} (host)
      </p>
      <p className="text-[0.9375rem] text-ink-faint">
        By the {block.setBy}, {when(block.createdAt, zone, now())} · {reports}
      </p>
      {block.liftedAt ? (
        <p className="mt-2 text-[0.9375rem] text-ink-soft">
          Lifted {when(block.liftedAt, zone, now())} by {block.liftedBy}: {block.liftReason}
        </p>
      ) : isLifting ? (
        <form
          className="mt-3 grid gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            lift.mutate()
          }}
        >
          <TextField
            label="Why may they meet again?"
            value={reason}
            onText={setReason}
            maxLength={2000}
            problem={lift.error ? sentenceOf(lift.error) : undefined}
          />
          <div className="flex flex-wrap gap-2.5">
            <Button type="submit" size="small" isBusy={lift.isPending} disabled={reason.trim() === ''}>
              Lift the block
            </Button>
            <Button kind="secondary" size="small" onClick={() => setLifting(false)}>
              Keep it
            </Button>
          </div>
        </form>
      ) : (
        <Button kind="quiet" size="small" className="mt-2 -ml-3 px-3" onClick={() => setLifting(true)}>
          Let them meet again
        </Button>
      )}
    </Card>
  )
}
