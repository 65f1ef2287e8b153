// Checks camera and microphone before a session: a picture, or else a sentence that says what to do.
import { useCallback, useEffect, useRef, useState } from 'react'
import { openDevices } from './open-devices.ts'

export type MediaCheck = {
  state: 'idle' | 'asking' | 'ready' | 'failed'
  stream: MediaStream | undefined
  /** The problem; with a stream it concerns one of the two alone. */
  problem: string | undefined
  start: () => void
  stop: () => void
}

async function openStream(): Promise<{ stream: MediaStream | undefined; problem: string | undefined }> {
  const { audio, video, problem } = await openDevices((kinds) =>
    navigator.mediaDevices.getUserMedia({
      ...(kinds.includes('audio') ? { audio: true } : {}),
      ...(kinds.includes('video') ? { video: { facingMode: 'user' } } : {}),
    }),
  )
  const tracks = [audio, video].filter((track) => track !== undefined)
  return { stream: tracks.length > 0 ? new MediaStream(tracks) : undefined, problem }
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
    void openStream().then((opened) => {
      if (isGone.current) return opened.stream?.getTracks().forEach((track) => track.stop())
      current.current = opened.stream
      setStream(opened.stream)
      setProblem(opened.problem)
      setState(opened.stream ? 'ready' : 'failed')
    })
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
