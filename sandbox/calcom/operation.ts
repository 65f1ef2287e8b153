// What every Cal.com operation has: an API version, a key or none, rate-limit headers, the error envelope.
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { addressOf, failure, Refusal } from './answers.ts'
import { rateHeaders } from './rate-limit.ts'

type Handle = Operation['handle']
type Version = '2024-04-15' | '2024-06-11' | '2024-06-14' | '2024-08-13' | '2024-09-04'
const versions: readonly string[] = [
  '2024-04-15',
  '2024-06-11',
  '2024-06-14',
  '2024-08-13',
  '2024-09-04',
] satisfies Version[]

/** Which header versions select the present contract and which an older one; the others find no route. */
const controllers: Record<string, { now: Version[]; older: Version[] }> = {
  slots: { now: ['2024-09-04'], older: ['2024-04-15', '2024-06-11', '2024-06-14', '2024-08-13'] },
  bookings: { now: ['2024-08-13'], older: ['2024-04-15', '2024-06-11', '2024-06-14'] },
  'event-types': { now: ['2024-06-14', '2024-08-13', '2024-09-04'], older: ['2024-04-15', '2024-06-11'] },
  schedules: { now: ['2024-06-11', '2024-06-14', '2024-08-13', '2024-09-04'], older: ['2024-04-15'] },
}

const withoutKey = new Set<string>()

export const needsKey = (operation: Operation) => !withoutKey.has(operation.name)

type VersionedOperation = Operation & {
  /** By default the part of the name before the first dot; null for paths that ignore the version. */
  controller?: string | null
  /** Works without a key too. */
  open?: boolean
  /** The contract of 2024-04-15; a 404 where it had no such route. */
  older?: Handle
}

export function operation({ controller, open, older, handle, ...wanted }: VersionedOperation): Operation {
  if (open) withoutKey.add(wanted.name)
  const versioned =
    controller === null ? undefined : controllers[controller ?? wanted.name.split('.')[0] ?? '']
  return {
    ...wanted,
    handle: (request, ctx) => {
      const answer = answered(request, ctx, chosen(request, versioned, handle, older))
      return { ...answer, headers: { ...answer.headers, ...rateHeaders(request, ctx) } }
    },
  }
}

function chosen(
  request: ProviderRequest,
  versioned: { now: Version[]; older: Version[] } | undefined,
  now: Handle,
  older?: Handle,
): Handle {
  if (!versioned) return now
  const header = request.headers['cal-api-version'] ?? ''
  // An unknown or missing header selects the oldest contract.
  const version = (versions.includes(header) ? header : '2024-04-15') as Version
  const none: Handle = () => {
    throw new Refusal(404, `Cannot ${request.method} ${addressOf(request)}`)
  }
  if (versioned.now.includes(version)) return now
  return (versioned.older.includes(version) && older) || none
}

function answered(request: ProviderRequest, ctx: SandboxContext, handle: Handle): ProviderAnswer {
  try {
    const answer = ctx.store.transaction(() => handle(request, ctx))
    if (answer instanceof Promise) throw new Error('Cal.com operations are synchronous')
    return answer
  } catch (error) {
    if (error instanceof Refusal)
      return failure(error.status, error.message, addressOf(request), error.details)
    throw error
  }
}
