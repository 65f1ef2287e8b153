/** The address of a session's page, where both meet, in every message and calendar. */
export function sessionPageOf(publicUrl: string, bookingId: string): string {
  return `${publicUrl}/video-session?booking=${bookingId}`
}
