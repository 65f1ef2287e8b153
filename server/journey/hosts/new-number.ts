// Another number for a host in Airtable opens nothing at once: whoever edits the base does not become a host.

/** So long the owner of the old number can object. */
export const objectionHours = 24
