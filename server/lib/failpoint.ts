// Failpoints: named places where a test ends the process, exactly between two commits or around one outside
// call. config.ts refuses them in production.

let chosen = ''

/** Called once at start with FAILPOINT. */
export function setFailpoint(name: string): void {
  chosen = name
}

/** Ends the process at once, as `kill -9` does, when this is the chosen failpoint. */
export function failpoint(name: string): void {
  if (chosen !== '' && name === chosen) process.kill(process.pid, 'SIGKILL')
}
