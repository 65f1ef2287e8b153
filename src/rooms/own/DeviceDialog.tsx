// Chooses camera and microphone during a call.
import { useEffect, useState } from 'react'
import { type Chosen, chosenDevices } from './media.ts'
import type { OwnRoom } from './room-view.ts'
import { Button } from '../../ui/Button.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { fieldClass } from '../../ui/TextField.tsx'

export default function DeviceDialog({ call, onClose }: { call: OwnRoom; onClose: () => void }) {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([])
  const [chosen, setChosen] = useState<Chosen>(chosenDevices)
  useEffect(() => {
    const look = () => void navigator.mediaDevices.enumerateDevices().then(setDevices)
    look()
    navigator.mediaDevices.addEventListener('devicechange', look)
    return () => navigator.mediaDevices.removeEventListener('devicechange', look)
  }, [])
  const choose = (next: Chosen) => {
    setChosen(next)
    void call.choose(next)
  }
  const of = (kind: MediaDeviceKind) =>
    devices.filter((device) => device.kind === kind && device.deviceId !== '')
  return (
    <Sheet
      title="Camera and microphone"
      isNight
      onClose={onClose}
      footer={<Button onClick={onClose}>Done</Button>}
    >
      <div className="grid gap-5">
        <Choice
          label="Camera"
          devices={of('videoinput')}
          value={chosen.videoId}
          onChoose={(videoId) => choose({ ...chosen, videoId })}
        />
        <Choice
          label="Microphone"
          devices={of('audioinput')}
          value={chosen.audioId}
          onChoose={(audioId) => choose({ ...chosen, audioId })}
        />
      </div>
    </Sheet>
  )
}

type ChoiceProps = {
  label: string
  devices: MediaDeviceInfo[]
  value: string | undefined
  onChoose: (id: string) => void
}

function Choice({ label, devices, value, onChoose }: ChoiceProps) {
  return (
    <label className="grid gap-1.5 font-semibold">
      {label}
      <select
        value={devices.some((device) => device.deviceId === value) ? value : (devices[0]?.deviceId ?? '')}
        disabled={devices.length === 0}
        onChange={(event) => onChoose(event.target.value)}
        className={fieldClass}
      >
        {devices.length === 0 && <option value="">None was found</option>}
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${index + 1}`}
          </option>
        ))}
      </select>
    </label>
  )
}
