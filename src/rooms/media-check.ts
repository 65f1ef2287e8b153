// Checks camera and microphone before a session: a picture, or else a sentence that says what to do.
import { useCallback, useEffect, useRef, useState } from 'react'

export type MediaCheck = {
  state: 'idle' | 'asking' | 'ready' | 'failed'
  stream: MediaStream | undefined
  /** The problem; with a stream it concerns the camera alone. */
  problem: string | undefined
  start: () => void
  stop: () => void
}

/** The meaning of a browser's refusal, for people. */
export function problemOf(error: unknown, what: 'camera and microphone' | 'camera' | 'microphone'): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return `Your browser doesn't let this page use your ${what}. Open the settings beside the address at the top, allow ${what}, and check again.`
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return `No ${what} was found. Connect one, or join with another device.`
  if (name === 'NotReadableError' || name === 'AbortError') {
    return `Your ${what} seems to be in use. Close other apps and tabs that may be using it, and check again.`
  }
  return `Your ${what} could not be started. Reload this page, or join with another device.`
}

async function openDevices(): Promise<{ stream: MediaStream; problem?: string }> {
  try {
    return {
      stream: await navigator.mediaDevices.getUserMedia({ audio: true, video: { facingMode: 'user' } }),
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'NotAllowedError') throw error
    // One of the two may work, and being heard is enough for a conversation.
    const stream = await navigator.mediaDevices
      .getUserMedia({ audio: true })
      .catch(() => Promise.reject(error))
    return { stream, problem: `${problemOf(error, 'camera')} You can join with sound alone.` }
  }
}

/**
 * Starts by itself where the browser has permission already; otherwise on
 * `start`, so that nobody is asked unprepared.
 */
export function useMediaCheck(): MediaCheck {
  const [state, setState] = useState<MediaCheck['state']>('idle')
  const [stream, setStream] = useState<MediaStream>()
  const [problem, setProblem] = useState<string>()
  const current = useRef<MediaStream>(undefined)
  const isGone = useRef(false)

  const stop = useCallback(() => {
    for (const track of current.current?.getTracks() ?? []) track.stop()
    current.current = undefined
    setStream(undefined)
    setState('idle')
  }, [])

  const start = useCallback(() => {
    setState('asking')
    setProblem(undefined)
    const opening =
      'mediaDevices' in navigator ? openDevices() : Promise.reject(new Error('no media devices'))
    opening.then(
      (opened) => {
        if (isGone.current) return opened.stream.getTracks().forEach((track) => track.stop())
        current.current = opened.stream
        setStream(opened.stream)
        setProblem(opened.problem)
        setState('ready')
      },
      (error: unknown) => {
        setProblem(problemOf(error, 'camera and microphone'))
        setState('failed')
      },
    )
  }, [])

  useEffect(() => {
    isGone.current = false
    void mayStart().then((may) => {
      if (may && !isGone.current) start()
    })
    return () => {
      isGone.current = true
      for (const track of current.current?.getTracks() ?? []) track.stop()
    }
  }, [start])
  return { state, stream, problem, start, stop }
}

async function mayStart(): Promise<boolean> {
  try {
    const asked = await Promise.all(
      (['camera', 'microphone'] as PermissionName[]).map((name) => navigator.permissions.query({ name })),
    )
    return asked.every((one) => one.state === 'granted')
  } catch {
    return false // this browser cannot tell
  }
}
