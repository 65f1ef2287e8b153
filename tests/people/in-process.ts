// People who ask the application in the test's own process: no server, no port.
import type { openApp } from '../../server/http/app.ts'
import { Person, type World } from '../../world/person.ts'

type App = ReturnType<typeof openApp>

/** What @hono/node-server tells the application of a connection. */
function connectionFrom(address: string) {
  return { incoming: { socket: { remoteAddress: address, remotePort: 1, remoteFamily: 'IPv4' } } }
}

export class InProcessPerson extends Person {
  readonly app: App
  address = '127.0.0.1'

  constructor(app: App, world: World, mobileNumber: string) {
    super(world, mobileNumber)
    this.app = app
  }

  override async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const asked = { ...init, headers: this.headersOf(init) }
    const answer = await this.app.request(path, asked, connectionFrom(this.address))
    this.keepCookies(answer)
    return answer
  }
}
