import { expect, test } from 'vitest'
import { iceServers } from './turn.ts'

const turn = {
  urls: ['stun:turn.example.com:3478', 'turn:turn.example.com:3478?transport=udp'],
  secret: 'north',
  isRelayOnly: false,
}

test('a browser gets expiring credentials in the form that a TURN server checks', () => {
  const [stun, relay] = iceServers(turn, 'visit', new Date('2027-03-03T00:00:00Z'))
  expect(stun).toEqual({ urls: ['stun:turn.example.com:3478'] })
  // printf '1804032000:visit' | openssl dgst -sha1 -hmac north -binary | base64
  expect(relay).toEqual({
    urls: ['turn:turn.example.com:3478?transport=udp'],
    username: '1804032000:visit',
    credential: 'KoiU0F8sC2+XcpV0f224n55VVVk=',
  })
})

test('a browser gets no ICE servers where no TURN server is configured', () => {
  expect(iceServers({ urls: [], secret: '', isRelayOnly: false }, 'visit', new Date(0))).toEqual([])
})
