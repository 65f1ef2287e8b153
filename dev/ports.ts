// Ports on this machine only.
import { createServer } from 'node:net'

/** A port that nobody listens on right now; 0 lets the system choose. Rejects with EADDRINUSE or EACCES. */
export function probePort(port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      const found = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(found))
    })
  })
}

export function freePort(): Promise<number> {
  return probePort(0)
}
