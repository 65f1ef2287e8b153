// Named places at which a test lets the process die, exactly between two commits or around one outside call.
// Nothing happens anywhere else; config.ts refuses a failpoint in production.

let chosen = ''

/** Set once at start from FAILPOINT. */
export function setFailpoint(name: string): void {
  chosen = name
}

/** Ends the process at once, as `kill -9` does, when this is the chosen failpoint. */
export function failpoint(name: string): void {
  if (chosen !== '' && name === chosen) process.kill(process.pid, 'SIGKILL')
}
