// A host's own Cal.com: which account is booked, what has to be mended there, and the key that connects it.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { calcomQuery, queryClient } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { TextField } from '../ui/TextField.tsx'
import { say, sayProblem, sentenceOf } from '../ui/toasts.ts'

export function OwnCalcom() {
  const calcom = useQuery(calcomQuery)
  const [apiKey, setApiKey] = useState('')
  const renew = () => queryClient.invalidateQueries({ queryKey: ['host', 'calcom'] })
  const connect = useMutation({
    mutationFn: () => api.connectCalcom(apiKey),
    async onSuccess() {
      setApiKey('')
      await renew()
      say('Cal.com is connected')
    },
  })
  const leave = useMutation({ mutationFn: api.leaveCalcom, onSuccess: renew, onError: sayProblem })
  if (!calcom.data?.link) return null
  const { connectedAs, problems, link } = calcom.data
  return (
    <section aria-label="Your Cal.com" className="mt-9">
      <h2 className="mb-3 text-lg">Your Cal.com</h2>
      <Card className="p-5 sm:p-6">
        <p className="mb-4 text-ink-soft">
          {connectedAs
            ? `Connected as ${connectedAs}. Members book ${link}.`
            : `Members book ${link}. Connect your account, so that we hear of changes there at once.`}
        </p>
        {problems.length > 0 && (
          <ul className="mb-4 grid gap-2 text-danger">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            connect.mutate()
          }}
        >
          <TextField
            label={connectedAs ? 'A new key' : 'Your API key'}
            type="password"
            autoComplete="off"
            value={apiKey}
            onText={setApiKey}
            hint="At Cal.com: Settings, Developer, API keys. We keep it encrypted and never show it again."
            problem={connect.error ? sentenceOf(connect.error) : undefined}
          />
          <div className="flex flex-wrap gap-2.5">
            <Button type="submit" size="small" isBusy={connect.isPending} disabled={apiKey === ''}>
              {connectedAs ? 'Check and replace' : 'Connect'}
            </Button>
            {connectedAs && (
              <Button kind="quiet" size="small" isBusy={leave.isPending} onClick={() => leave.mutate()}>
                Disconnect
              </Button>
            )}
          </div>
        </form>
      </Card>
    </section>
  )
}
