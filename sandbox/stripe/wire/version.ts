/**
 * The one API version this stand-in speaks, the same as in the published specification it is checked against.
 */
export const apiVersion = '2026-10-28.endive'
