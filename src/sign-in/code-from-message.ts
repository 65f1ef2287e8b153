// Android's Chrome reads the code out of the text message itself, where the message ends with a line for this
// address: `@presence.example #123456` (WebOTP). Others offer it by autocomplete="one-time-code".
import { useEffect, useRef } from 'react'

type MessageCode = Credential & { code?: string }

/** Calls `onCode` once the message arrives; waits for nothing where the browser cannot read it. */
export function useCodeFromMessage(onCode: (code: string) => void): void {
  const latest = useRef(onCode)
  useEffect(() => {
    latest.current = onCode
  })
  useEffect(() => {
    if (!('OTPCredential' in window)) return
    const waiting = new AbortController()
    const request = { otp: { transport: ['sms'] }, signal: waiting.signal } as CredentialRequestOptions
    navigator.credentials.get(request).then(
      (credential) => {
        const code = (credential as MessageCode | null)?.code
        if (code) latest.current(code)
      },
      // Declined, or the page was left: the code can still be typed.
      () => undefined,
    )
    return () => waiting.abort()
  }, [])
}
