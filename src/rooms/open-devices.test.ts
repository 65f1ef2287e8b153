import { afterEach, expect, test, vi } from 'vitest'
import { openDevices } from './open-devices.ts'

type Kind = 'audio' | 'video'
const permissions: Record<string, PermissionState> = {}
vi.stubGlobal('navigator', {
  mediaDevices: {},
  permissions: { query: async ({ name }: { name: string }) => ({ state: permissions[name] ?? 'prompt' }) },
})
afterEach(() => {
  delete permissions['camera']
  delete permissions['microphone']
})

const refusal = (name: string) => Object.assign(new Error(name), { name })
/** A browser in which these kinds fail, alone and together with the other. */
function browser(fails: Partial<Record<Kind, string>>) {
  const asked: Kind[][] = []
  const ask = async (kinds: Kind[]) => {
    asked.push(kinds)
    const failing = kinds.find((kind) => fails[kind])
    if (failing) throw refusal(fails[failing]!)
    const of = (kind: Kind) => (kinds.includes(kind) ? [{ kind }] : [])
    return {
      getAudioTracks: () => of('audio'),
      getVideoTracks: () => of('video'),
      getTracks: () => [...of('audio'), ...of('video')],
    } as unknown as MediaStream
  }
  return { ask, asked }
}
const kinds = ({ audio, video }: { audio: unknown; video: unknown }) => [Boolean(audio), Boolean(video)]

test('both devices open at once, and nobody is asked twice', async () => {
  const { ask, asked } = browser({})
  const devices = await openDevices(ask)
  expect([kinds(devices), devices.problem, asked.length]).toEqual([[true, true], undefined, 1])
})

test.each(['NotFoundError', 'NotReadableError', 'OverconstrainedError', 'AbortError'])(
  'with a %s of one device the other opens, with a sentence that says what goes without it',
  async (name) => {
    const heard = await openDevices(browser({ video: name }).ask)
    expect([kinds(heard), heard.problem]).toEqual([
      [true, false],
      expect.stringMatching(/camera.*sound alone\.$/i),
    ])
    const seen = await openDevices(browser({ audio: name }).ask)
    expect([kinds(seen), seen.problem]).toEqual([
      [false, true],
      expect.stringMatching(/microphone.*you will be seen/i),
    ])
  },
)

test('a camera that is blocked for this page leaves the microphone, which is allowed', async () => {
  permissions['camera'] = 'denied'
  permissions['microphone'] = 'granted'
  const devices = await openDevices(browser({ video: 'NotAllowedError' }).ask)
  expect([kinds(devices), devices.problem]).toEqual([[true, false], expect.stringContaining('allow camera')])
})

test('somebody who refused both is asked once, and reads how to allow them', async () => {
  const { ask, asked } = browser({ audio: 'NotAllowedError', video: 'NotAllowedError' })
  const devices = await openDevices(ask)
  expect([kinds(devices), asked.length]).toEqual([[false, false], 1])
  expect(devices.problem).toContain('allow camera and microphone')
})

test('two devices that fail one by one are named together', async () => {
  const devices = await openDevices(browser({ audio: 'NotFoundError', video: 'NotReadableError' }).ask)
  expect([kinds(devices), devices.problem]).toEqual([
    [false, false],
    expect.stringContaining('camera and microphone'),
  ])
})
