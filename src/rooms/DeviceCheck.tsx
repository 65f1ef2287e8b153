// Camera and sound check before anybody else is in the room.
import { CameraOff, Mic, Volume2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { MediaCheck } from './media-check.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'

export function DeviceCheck({ check }: { check: MediaCheck }) {
  const { state, stream, problem, start } = check
  return (
    <Card className="mt-8 overflow-hidden">
      <section aria-label="Camera and sound" className={stream ? 'sm:grid sm:grid-cols-[3fr_2fr]' : ''}>
        {stream && <Picture stream={stream} />}
        <div className="grid content-center gap-4 p-5 sm:p-6">
          {state !== 'ready' && <h2 className="text-lg">Can you be seen and heard?</h2>}
          {problem && (
            <p
              role="alert"
              className="rounded-control bg-caution-soft px-4 py-3 text-[0.9875rem] text-caution"
            >
              {problem}
            </p>
          )}
          {stream ? (
            <>
              {stream.getAudioTracks().length > 0 && <Level stream={stream} />}
              <Speaker />
            </>
          ) : (
            <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
              <Button kind="secondary" size="small" isBusy={state === 'asking'} onClick={start}>
                {state === 'failed' ? 'Check again' : 'Check camera and microphone'}
              </Button>
              <p className="text-[0.9375rem] text-ink-faint">Your browser will ask whether it may.</p>
            </div>
          )}
        </div>
      </section>
    </Card>
  )
}

function Picture({ stream }: { stream: MediaStream }) {
  const hasPicture = stream.getVideoTracks().length > 0
  if (!hasPicture) {
    return (
      <div className="grid aspect-video place-items-center bg-sunken text-ink-faint">
        <CameraOff className="size-8" role="img" aria-label="No camera" />
      </div>
    )
  }
  return (
    <video
      ref={(video) => {
        if (video && video.srcObject !== stream) video.srcObject = stream
      }}
      autoPlay
      playsInline
      muted
      aria-label="Your camera's picture"
      className="aspect-video size-full -scale-x-100 bg-sunken object-cover"
    />
  )
}

const bars = 12

/** Loudness from 0 to 1, updated several times a second. */
function useLevel(stream: MediaStream): number {
  const [level, setLevel] = useState(0)
  useEffect(() => {
    const audio = new AudioContext()
    const analyser = audio.createAnalyser()
    analyser.fftSize = 512
    audio.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
      setLevel(Math.min(1, loudness * 5))
    }, 120)
    // Some browsers allow audio analysis only after a touch.
    const resume = () => void audio.resume()
    addEventListener('pointerdown', resume)
    return () => {
      clearInterval(timer)
      removeEventListener('pointerdown', resume)
      void audio.close()
    }
  }, [stream])
  return level
}

function Level({ stream }: { stream: MediaStream }) {
  const level = useLevel(stream)
  const [wasHeard, setWasHeard] = useState(false)
  useEffect(() => {
    if (level > 0.12) setWasHeard(true)
  }, [level])
  const lit = Math.round(level * bars)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <Mic className="size-5 shrink-0 text-ink-soft" aria-hidden="true" />
      <div
        role="meter"
        aria-label="Microphone level"
        aria-valuemin={0}
        aria-valuemax={bars}
        aria-valuenow={lit}
        className="flex h-6 items-center gap-1"
      >
        {Array.from({ length: bars }, (_, index) => (
          <span key={index} className={`h-4 w-1.5 rounded-full ${index < lit ? 'bg-accent' : 'bg-line'}`} />
        ))}
      </div>
      <p className="text-[0.9375rem] text-ink-faint">{wasHeard ? 'We can hear you.' : 'Say a word.'}</p>
    </div>
  )
}

/** Two soft tones, synthesised so that nothing has to be loaded. */
function playTones(): void {
  const audio = new AudioContext()
  const loudness = audio.createGain()
  loudness.gain.value = 0.12
  loudness.connect(audio.destination)
  for (const [index, hertz] of [523, 659].entries()) {
    const tone = audio.createOscillator()
    tone.frequency.value = hertz
    tone.connect(loudness)
    tone.start(audio.currentTime + index * 0.35)
    tone.stop(audio.currentTime + index * 0.35 + 0.3)
    if (index === 1) tone.onended = () => void audio.close()
  }
}

function Speaker() {
  const [hasPlayed, setPlayed] = useState(false)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button
        kind="secondary"
        size="small"
        onClick={() => {
          playTones()
          setPlayed(true)
        }}
      >
        <Volume2 aria-hidden="true" /> Play a sound
      </Button>
      {hasPlayed && (
        <p role="status" className="text-[0.9375rem] text-ink-faint">
          Nothing? Turn the volume up, or choose another output.
        </p>
      )}
    </div>
  )
}
