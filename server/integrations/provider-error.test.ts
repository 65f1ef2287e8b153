import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { requestJson } from './provider-error.ts'

let service: Server
let url: string
beforeAll(async () => {
  service = createServer((_request, response) => void response.writeHead(404).end('{}'))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/v1/rooms/room-12345678`
})
afterAll(() => service?.close())

test('only a refusal that is no answer is noted: what is to be deleted may be gone already', async () => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const ask = (method: string, expects?: number[]) =>
    requestJson('daily', url, { method, headers: {}, ...(expects ? { expects } : {}) })
  await ask('DELETE')
  await ask('GET', [404])
  expect(said).not.toHaveBeenCalled()
  await ask('GET', [409])
  await ask('POST')
  expect(said.mock.calls.map(([line]) => line as string)).toEqual([
    'daily refused GET /v1/rooms/:id: 404',
    'daily refused POST /v1/rooms/:id: 404',
  ])
})
