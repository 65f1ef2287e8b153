// The opt-out words that Twilio handles itself: stop, start again, help.
import type { Store } from '../core/store.ts'

export type OptOutType = 'STOP' | 'START' | 'HELP'

const words: Record<OptOutType, string[]> = {
  STOP: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  START: ['START', 'YES', 'UNSTOP'],
  HELP: ['HELP', 'INFO'],
}

export const optOutReplies: Record<OptOutType, string> = {
  STOP: 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.',
  START:
    'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe.',
  HELP: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
}

/** The whole text must be the word; 'please stop' is an ordinary message. */
export function optOutType(body: string): OptOutType | undefined {
  const word = body.trim().toUpperCase()
  return (Object.keys(words) as OptOutType[]).find((type) => words[type].includes(word))
}

export function isOptedOut(store: Store, number: string): boolean {
  return store.get('twilio.optout', number) !== undefined
}

export function setOptedOut(store: Store, number: string, isOut: boolean): void {
  if (isOut) store.put('twilio.optout', number, { number })
  else store.delete('twilio.optout', number)
}

/** Only with Advanced Opt-Out, a setting of the messaging service, do webhooks say OptOutType. */
export const isAdvancedOptOutOn = (store: Store) => store.get('twilio.advanced-opt-out', 'on') !== undefined

export function setAdvancedOptOut(store: Store, isOn: boolean): void {
  if (isOn) store.put('twilio.advanced-opt-out', 'on', { on: true })
  else store.delete('twilio.advanced-opt-out', 'on')
}
