// Toasts: short notes at the edge of the screen. The component that shows them is loaded with the first one.
import { ApiProblem } from '../api/request.ts'

export type Note = { title: string; tone: 'calm' | 'bad' }

type Listener = (note: Note) => void

const waiting: Note[] = []
let listener: Listener | undefined
let wake: (() => void) | undefined

export function say(title: string, tone: Note['tone'] = 'calm'): void {
  const note = { title, tone }
  if (listener) listener(note)
  else {
    waiting.push(note)
    wake?.()
  }
}

/** The sentence of a refusal; any other error gets one of ours. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiProblem ? error.message : 'Something went wrong. Please try again in a moment.'
}

export function sayProblem(error: unknown): void {
  say(sentenceOf(error), 'bad')
}

export function onFirstNote(act: () => void): () => void {
  if (waiting.length > 0) act()
  wake = act
  return () => {
    wake = undefined
  }
}

export function showNotes(show: Listener): () => void {
  listener = show
  for (const note of waiting.splice(0)) show(note)
  return () => {
    listener = undefined
  }
}
