// A TCP proxy in front of a server, which can lose the network in the ways that networks are lost.
import { connect, createServer, type Server, type Socket } from 'node:net'

export type TcpProxy = {
  port: number
  /** Connections that were tried since the start. */
  accepted: () => number
  /** Breaks every connection, and each new one at once, until `restore`. */
  refuse: () => void
  /** Ends every connection, and answers new ones as PostgreSQL does when all its slots are taken. */
  fill: () => void
  /** Forwards nothing any more, on old and new connections, and closes none, until `restore`. */
  silence: () => void
  restore: () => void
  close: () => Promise<void>
}

/** Listens on a port of 127.0.0.1 that the system chose, and keeps it over `refuse` and `restore`. */
export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isSilent = false
  let isFull = false
  let isRefusing = false
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
        if (isRefusing) return void socket.destroy()
        if (isFull) return refuseSlot(socket)
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
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const close = async () => {
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    breakAll()
    await closed
  }
  await open()
  return {
    get port() {
      return port
    },
    accepted: () => accepted,
    refuse: () => {
      isRefusing = true
      breakAll()
    },
    fill: () => {
      isFull = true
      breakAll()
    },
    silence: () => void (isSilent = true),
    restore: () => {
      // What was swallowed is lost: a connection of the silent time is of no use to anybody.
      if (isSilent) breakAll()
      isSilent = false
      isFull = false
      isRefusing = false
    },
    close,
  }
}

/** An ErrorResponse with SQLSTATE 53300, as PostgreSQL sends it before any authentication. */
function refuseSlot(socket: Socket): void {
  const fields = ['SFATAL', 'VFATAL', 'C53300', 'Msorry, too many clients already', '']
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''))
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(body.length + 4, 1)
  socket.on('error', () => undefined)
  socket.once('data', () => socket.end(Buffer.concat([head, body])))
}
