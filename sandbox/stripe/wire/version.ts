/** The only API version spoken here; the published specification has the same. */
export const apiVersion = '2026-10-28.endive'
