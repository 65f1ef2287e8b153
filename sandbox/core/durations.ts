export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
/** For services that count in Unix seconds. */
export const minuteSeconds = 60
export const daySeconds = dayMs / 1000
