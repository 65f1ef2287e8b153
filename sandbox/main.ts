// Starts the sandbox as its own process, never in production.
import { startSandbox } from './core/start.ts'

if (process.env['NODE_ENV'] === 'production') {
  console.error('The sandbox never runs in production: it would stand in for services that take real money.')
  process.exit(1)
}
const appPort = Number(process.env['PORT'] ?? 3000)
const port = Number(process.env['SANDBOX_PORT'] ?? appPort + 1)
const sandbox = await startSandbox({
  port,
  dataDir: process.env['DATA_DIR'] ?? './data',
  appUrl: process.env['APP_URL'] ?? `http://localhost:${appPort}`,
  clockKey: process.env['CLOCK_KEY'],
}).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error
  console.error(`The sandbox cannot start: port ${port} is taken. Set SANDBOX_PORT to a free one.`)
  process.exit(1)
})
const stop = () => void sandbox.close().then(() => process.exit(0))
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
// The parent that started it is gone.
process.on('disconnect', stop)
console.log(`Sandbox: ${sandbox.baseUrl}`)
process.send?.({ type: 'ready', port: sandbox.port })
