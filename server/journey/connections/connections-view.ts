// What the API answers to operators about the services.
import { z } from 'zod'
import { connectionLine } from './connection.ts'

export const connectionsView = z.object({
  /** Null before the first look. */
  checkedAt: z.iso.datetime().nullable(),
  lines: z.array(connectionLine),
})
export type Connections = z.infer<typeof connectionsView>
