// By which words people stop our text messages, and start them again. Twilio answers these words itself.

/** The whole text is the word: "please stop by" is an ordinary text. */
const words = {
  STOP: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  START: ['START', 'UNSTOP', 'YES'],
  HELP: ['HELP', 'INFO'],
} as const
export type OptOutWord = keyof typeof words

/** What a text to us asks for. `OptOutType` comes only where Advanced Opt-Out is switched on at Twilio. */
export function optOutWord(text: {
  Body?: string | undefined
  OptOutType?: string | undefined
}): OptOutWord | undefined {
  const all = Object.keys(words) as OptOutWord[]
  const said = text.OptOutType?.toUpperCase()
  const word = (text.Body ?? '').trim().replace(/[.!]$/, '').toUpperCase()
  return (
    all.find((kind) => kind === said) ?? all.find((kind) => (words[kind] as readonly string[]).includes(word))
  )
}

/** Twilio's refusal of a number whose owner has stopped us. */
export const stoppedCode = '21610'
