// Phone numbers: their format, our own, and those that always fail.

/** The messaging service's only sender, a number reserved for fiction. */
export const senderNumber = '+61480001234'

/** E.164 without the separators people type; undefined when it is no phone number. */
export function phoneNumber(text: string): string | undefined {
  const digits = text.replace(/[\s().-]/g, '')
  return /^\+[1-9]\d{7,14}$/.test(digits) ? digits : undefined
}

/** Twilio's magic recipients: refused at once with this code. */
const refusedRecipients: Record<string, [code: number, message: string]> = {
  '+15005550001': [21211, "The 'To' number +15005550001 is not a valid phone number."],
  '+15005550002': [
    21612,
    "The 'To' phone number: +15005550002, is not currently reachable using the 'From' phone number via SMS.",
  ],
  '+15005550003': [
    21408,
    "Permission to send an SMS has not been enabled for the region of the 'To' number: +15005550003.",
  ],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
}

/** Twilio's magic landline: refused when sent from a number, undelivered when sent from a service. */
export const landlineNumber = '+15005550009'

export function refusalOf(to: string, usesService: boolean): [code: number, message: string] | undefined {
  if (to === landlineNumber && !usesService) return [21614, `'To' number is not a valid mobile number: ${to}`]
  return refusedRecipients[to]
}

export function refusalOfSender(from: string): [code: number, message: string] | undefined {
  if (from === '+15005550001')
    return [21212, `The 'From' number ${from} is not a valid phone number or sender ID.`]
  if (from === '+15005550008')
    return [21611, `The 'From' number ${from} has exceeded the maximum number of queued messages.`]
  const isAlphanumeric = /^(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}$/.test(from)
  if (isAlphanumeric || from === senderNumber || from === '+15005550006') return undefined
  return [21659, `'From' ${from} is not a Twilio phone number or Short Code country mismatch`]
}
