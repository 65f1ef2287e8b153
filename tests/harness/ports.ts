// Ports for servers whose address others know before they listen. The system may give away a port that it
// chose and that was released again: to another server, or to an outgoing connection.
import { createServer } from 'node:net'

/** Below the range from which Linux (32768) and others (49152) give ports away by themselves. */
const range = { first: 20_000, count: 12_000 }

/** Answers a function that gives a free port, and never the same twice. */
export function openPorts(start = process.pid * 97): () => Promise<number> {
  let given = 0
  return async () => {
    while (given < range.count) {
      const port = range.first + ((start + given++) % range.count)
      if (await isFree(port)) return port
    }
    throw new Error('Every port of the tests was used once.')
  }
}

/** On every address, since the application listens on all of them. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
