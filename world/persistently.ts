// Retries for people who do not give up: when the application dies under a request, they ask again.
import { setTimeout as sleep } from 'node:timers/promises'
import { Refused } from './person.ts'

/**
 * Retries until the application answers. A refusal is an answer, except 503 ("not at the moment, try again").
 */
export async function persistently<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  for (const until = Date.now() + 90_000; ;) {
    try {
      return await act()
    } catch (error) {
      const isLost =
        error instanceof TypeError ||
        (error instanceof Error && error.cause instanceof TypeError) ||
        (error instanceof Refused && error.status === 503)
      if (!isLost || Date.now() > until) throw error
      await sleep(100)
    }
  }
}
