// A TCP proxy in front of a server, which can lose the network in the ways that networks are lost.
import { connect, createServer, type Server, type Socket } from 'node:net'

export type TcpProxy = {
  port: number
  /** Connections that were accepted since the start. */
  accepted: () => number
  /** Breaks every connection and refuses new ones, until `restore`. */
  refuse: () => Promise<void>
  /** Forwards nothing any more, on old and new connections, and closes none, until `restore`. */
  silence: () => void
  restore: () => Promise<void>
  close: () => Promise<void>
}

/** Listens on a port of 127.0.0.1 that the system chose, and keeps it over `refuse` and `restore`. */
export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isSilent = false
  let accepted = 0
  let server: Server | undefined
  let port = 0

  const forward = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => void (isSilent || to.write(chunk)))
    from.on('close', () => void (isSilent || to.destroy()))
    from.on('error', () => undefined)
    sockets.add(from)
    from.on('close', () => sockets.delete(from))
  }
  const open = () =>
    new Promise<void>((resolve, reject) => {
      server = createServer((socket) => {
        accepted++
        const upstream = connect(target)
        forward(socket, upstream)
        forward(upstream, socket)
      })
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        port = (server!.address() as { port: number }).port
        resolve()
      })
    })
  const refuse = async () => {
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
    server = undefined
  }
  await open()
  return {
    get port() {
      return port
    },
    accepted: () => accepted,
    refuse,
    silence: () => void (isSilent = true),
    restore: async () => {
      // What was swallowed is lost: a connection of the silent time is of no use to anybody.
      if (isSilent) for (const socket of sockets) socket.destroy()
      isSilent = false
      if (!server) await open()
    },
    close: refuse,
  }
}
