// Named places at which a test lets the process die, exactly between two commits or around one outside call.
// Nothing happens anywhere else; config.ts refuses a break point in production.

let chosen = ''

/** Set once at start from BREAK_AT. */
export function setBreakPoint(name: string): void {
  chosen = name
}

/** Ends the process at once, as `kill -9` does, when this is the chosen break point. */
export function breakPoint(name: string): void {
  if (chosen !== '' && name === chosen) process.kill(process.pid, 'SIGKILL')
}
