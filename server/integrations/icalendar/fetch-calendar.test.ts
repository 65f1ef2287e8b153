import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calendarAddress, isPublicAddress, type Network } from './address.ts'
import { fetchCalendar, limits } from './fetch-calendar.ts'
import { certificate, privateKey } from '../testing/certificate.ts'

const text = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n'
let server: Server
const asked: string[] = []

beforeAll(async () => {
  server = createServer({ key: privateKey, cert: certificate }, (request, response) => {
    asked.push(`${request.headers.host}${request.url}`)
    const to = new URL(request.url!, 'https://x').searchParams.get('to')
    if (to) return response.writeHead(302, { location: to }).end()
    if (request.url === '/loop') return response.writeHead(302, { location: '/loop' }).end()
    if (request.url === '/large') return response.end(text + 'x'.repeat(limits.bytes))
    if (request.url === '/page') return response.end('<html>')
    if (request.url === '/zip') return response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
    if (request.url === '/gone') return response.writeHead(410).end()
    return response.end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
})

/** A network with these names. Addresses that passed the check reach the server of this test. */
function network(names: Record<string, string[]>): Network & { dialled: string[] } {
  const dialled: string[] = []
  return {
    dialled,
    resolve: async (name) => names[name] ?? [],
    dial: (address) => {
      dialled.push(address)
      return { address: '127.0.0.1', port: (server.address() as AddressInfo).port }
    },
    certificateAuthority: certificate,
  }
}

const known = {
  'calendar.example': ['93.184.216.34'],
  'other.example': ['2606:2800:220:1::1'],
  'inside.example': ['10.0.0.5'],
  'both.example': ['93.184.216.34', '127.0.0.1'],
}
const notOpen = 'does not lead to a calendar on the open internet'

describe('reading a calendar at an address somebody typed', () => {
  test('follows https and webcal links, and their redirects', async () => {
    const net = network(known)
    expect(String(await fetchCalendar('webcal://calendar.example/a.ics', net))).toBe(text)
    expect(String(await fetchCalendar('https://calendar.example/?to=https://other.example/b.ics', net))).toBe(
      text,
    )
    expect(asked.slice(-2)).toEqual([
      'calendar.example/?to=https://other.example/b.ics',
      'other.example/b.ics',
    ])
  })

  test('reaches only addresses on the open internet, by whatever name or redirect', async () => {
    const net = network(known)
    for (const name of [
      'inside.example',
      'both.example',
      'nobody.example',
      '127.0.0.1',
      '169.254.169.254',
      '[::1]',
      '[::ffff:10.0.0.1]',
      '0x7f.1',
      'localhost',
      '2130706433',
    ]) {
      await expect(fetchCalendar(`https://${name}/a.ics`, net)).rejects.toThrow(notOpen)
    }
    expect(net.dialled).toEqual([])
    await expect(fetchCalendar('https://calendar.example/?to=https://inside.example/', net)).rejects.toThrow(
      notOpen,
    )
    await expect(
      fetchCalendar('https://calendar.example/?to=https://169.254.169.254/latest', net),
    ).rejects.toThrow(notOpen)
    await expect(fetchCalendar('https://calendar.example/?to=http://calendar.example/', net)).rejects.toThrow(
      'https://',
    )
    expect(net.dialled).toEqual(['93.184.216.34', '93.184.216.34', '93.184.216.34'])
  })

  test('connects to the checked address although the name resolves to another later', async () => {
    let looks = 0
    const net = {
      ...network(known),
      resolve: async () => (++looks === 1 ? ['93.184.216.34'] : ['127.0.0.1']),
    }
    expect(String(await fetchCalendar('https://calendar.example/a.ics', net))).toBe(text)
    expect([looks, net.dialled]).toEqual([1, ['93.184.216.34']])
  })

  test('refuses what is too large, gone, compressed, or redirected without end', async () => {
    const net = network(known)
    await expect(fetchCalendar('https://calendar.example/large', net)).rejects.toThrow('twenty megabytes')
    await expect(fetchCalendar('https://calendar.example/gone', net)).rejects.toThrow(
      'nothing at this address',
    )
    await expect(fetchCalendar('https://calendar.example/zip', net)).rejects.toThrow('cannot be read')
    const loop = 'https://calendar.example/loop'
    await expect(fetchCalendar(loop, net)).rejects.toThrow('without end')
  })

  test('refuses every address but a plain https one', () => {
    for (const wrong of [
      'http://calendar.example/',
      'ftp://calendar.example',
      'file:///etc/passwd',
      'https://a:b@calendar.example',
      'https://calendar.example:8443/',
      'hello',
      '',
    ]) {
      expect(() => calendarAddress(wrong)).toThrow()
    }
    expect(calendarAddress(' webcal://Calendar.example/x.ics#top ')).toBe('https://calendar.example/x.ics')
  })

  test('accepts public IP addresses and refuses all reserved ones', () => {
    const open = ['8.8.8.8', '93.184.216.34', '2606:4700::1111', '172.15.0.1', '100.128.0.1']
    const not = [
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '192.0.2.1',
      '198.18.0.1',
      '203.0.113.9',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      '::ffff:8.8.8.8',
      '64:ff9b::808:808',
      'fc00::1',
      'fe80::1',
      'ff02::1',
      '2001:db8::1',
      '2002:7f00:1::',
      'example.com',
    ]
    expect(open.filter((address) => !isPublicAddress(address))).toEqual([])
    expect(not.filter(isPublicAddress)).toEqual([])
  })
})
