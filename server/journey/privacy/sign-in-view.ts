// What the API answers about the places where somebody is signed in.
import { z } from 'zod'

const signIn = z.object({
  id: z.uuid(),
  /** "Chrome on Android", as far as the browser says so. */
  device: z.string(),
  /** The network of its address, like "203.0.113.x"; null where it is not known. */
  network: z.string().nullable(),
  signedInAt: z.iso.datetime(),
  isThisOne: z.boolean(),
})
export const signInsView = z.object({ signIns: z.array(signIn) })
export type SignIns = z.infer<typeof signInsView>
