// One's own data, sign-ins and account. What needs a code is in server/http/code-routes.ts.
import { recordSecurity } from '../../db/security-events.ts'
import type { Db } from '../../db/client.ts'
import { saved, savedView } from '../members/saved-view.ts'
import {
  answers,
  guard,
  idParams,
  requireParticipant,
  requireSignedIn,
  route,
  router,
  type Who,
} from '../request.ts'
import { deletionView } from './deletion-view.ts'
import { endSignIn } from './end-sign-in.ts'
import { holdingsFileName, holdingsPage } from './holding.ts'
import { listSignIns } from './list-sign-ins.ts'
import { readDeletion } from './read-deletion.ts'
import { readHoldings } from './read-holdings.ts'
import { signInsView } from './sign-in-view.ts'
import { undoDeletion } from './undo-deletion.ts'

export const privacyRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/me/sign-ins',
      access: 'signed-in',
      summary: 'Where I am signed in',
      responses: answers(signInsView.openapi('SignIns'), 'The sign-ins'),
    }),
    async (c) => c.json(await listSignIns(c.get('ctx').db, requireSignedIn(c)), 200),
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/me/sign-ins/{id}',
      access: 'signed-in',
      summary: 'Sign out there',
      request: { params: idParams({ id: 'sign-in' }) },
      responses: answers(savedView, 'Ended'),
    }),
    async (c) => {
      await endSignIn(c.get('ctx').db, requireSignedIn(c).personId, c.req.valid('param').id)
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/me/deletion',
      access: 'participant',
      summary: 'What deleting my account would do, or when it will be done',
      responses: answers(deletionView.openapi('Deletion'), 'The deletion'),
    }),
    async (c) => c.json(await readDeletion(c.get('ctx').db, requireParticipant(c)), 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/me/deletion/undo',
      access: 'participant',
      summary: 'Keep my account after all',
      responses: answers(savedView, 'Kept'),
    }),
    async (c) => {
      await undoDeletion(c.get('ctx'), requireParticipant(c))
      return c.json(saved, 200)
    },
  )

privacyRoutes.get('/api/me/data.json', guard('participant'), async (c) => {
  const who = requireParticipant(c)
  c.header('content-disposition', `attachment; filename="${holdingsFileName}.json"`)
  return c.json(await readHoldingsOf(c.get('ctx').db, who), 200)
})
privacyRoutes.get('/api/me/data.html', guard('participant'), async (c) => {
  const who = requireParticipant(c)
  c.header('content-disposition', `attachment; filename="${holdingsFileName}.html"`)
  return c.html(holdingsPage(await readHoldingsOf(c.get('ctx').db, who)))
})

/** Whoever has a stolen cookie leaves a trace. */
async function readHoldingsOf(db: Db, who: Who) {
  await recordSecurity(db, { kind: 'data_read', personId: who.personId, subject: 'their own' })
  return readHoldings(db, who)
}
