// The settings of `npm start` from the environment, with refusals that say what to do.
import {
  type Environment,
  halfSetProviders,
  providerKeys,
  type ProviderName,
  unsetProviders,
} from './providers.ts'

export type Settings = {
  dataDir: string
  port: number
  sandboxPort: number
  publicUrl: string
  /** Undefined: an embedded PostgreSQL in DATA_DIR. */
  databaseUrl: string | undefined
  /** The providers that the sandbox replaces; empty: no sandbox. */
  standIns: ProviderName[]
}

const neededInProduction = [
  'DATABASE_URL',
  'PUBLIC_URL',
  'AUTH_SECRET',
  ...Object.values(providerKeys).flat(),
]

export function readSettings(environment: Environment): Settings {
  if (environment['NODE_ENV'] === 'production') refuseIncompleteProduction(environment)
  refuseHalfSetProviders(environment)
  const port = readPort(environment, 'PORT', 3000)
  return {
    dataDir: environment['DATA_DIR'] || './data',
    port,
    sandboxPort: readPort(environment, 'SANDBOX_PORT', port + 1),
    publicUrl: (environment['PUBLIC_URL'] || `http://localhost:${port}`).replace(/\/+$/, ''),
    databaseUrl: environment['DATABASE_URL'] || undefined,
    // Production with built-in rooms needs no Daily.
    standIns: unsetProviders(environment).filter(
      (name) => name !== 'daily' || environment['NODE_ENV'] !== 'production' || !hasOwnRooms(environment),
    ),
  }
}

const hasOwnRooms = (environment: Environment) => environment['VIDEO'] === 'builtin'

function refuseIncompleteProduction(environment: Environment): void {
  const missing = neededInProduction.filter(
    (name) => !environment[name] && !(hasOwnRooms(environment) && name.startsWith('DAILY_')),
  )
  if (missing.length === 0) return
  throw new Error(
    ['Production needs these variables, and they are not set:', ...missing.map((name) => `  ${name}`)].join(
      '\n',
    ),
  )
}

function refuseHalfSetProviders(environment: Environment): void {
  const halfSet = halfSetProviders(environment)
  if (halfSet.length === 0) return
  throw new Error(
    [
      'These providers have some of their keys, but not all:',
      ...halfSet.map(({ name, missing }) => `  ${name}: ${missing.join(', ')} not set`),
      'Set the missing ones (in the environment or in .env), or none of that provider to use the sandbox.',
    ].join('\n'),
  )
}

function readPort(environment: Environment, name: string, otherwise: number): number {
  const given = environment[name]
  if (!given) return otherwise
  const port = Number(given)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${name} is "${given}", and a port is a whole number from 1 to 65535.`)
  return port
}
