// A host as visitors and members see one.
import { z } from 'zod'
import { availabilities } from '../times/next-free.ts'

export const hostView = z
  .object({
    id: z.uuid(),
    fullName: z.string(),
    bio: z.string(),
    photoUrl: z.string().nullable(),
    languages: z.array(z.string()),
    country: z.string(),
    timeZone: z.string(),
    tags: z.array(z.string()),
    category: z.string().nullable(),
    ageGroup: z.string().nullable(),
    introVideoUrl: z.string().nullable(),
    likesYou: z.boolean(),
    youLike: z.boolean(),
    hasMetYou: z.boolean(),
    availability: z.enum(availabilities),
    /** The next start that can be booked; null where none is known. */
    nextFree: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Host' })
export type Host = z.infer<typeof hostView>

export const hostPageView = z.object({
  hosts: z.array(hostView),
  nextCursor: z.string().nullable(),
  total: z.int(),
})
export type HostPage = z.infer<typeof hostPageView>
