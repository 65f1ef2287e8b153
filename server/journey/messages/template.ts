// From a template's text, which operators edit in Airtable, to the text that one person reads.

// Marks for a placeholder with and without a value while the text is tidied; `clean` removes both from all
// input.
const filled = '\u0001'
const gap = '\u0000'

const placeholder = /\{{2,}([^{}]*)\}{2,}|\{{2,}[ \t]*[\w-]*|\}{2,}/g
/** Brackets within brackets, and commas after commas, are tidied so often. */
const maxRounds = 20

/**
 * Puts `values` (`host_name` and so on) in place of `{{host_name}}`. Spaces inside the braces, capitals and a
 * space for the underscore are accepted. A placeholder without a value, or one that is not closed, is removed
 * together with the spaces and punctuation that it would leave stranded. Values are inserted unchanged and
 * never expanded again.
 */
export function renderTemplate(body: string, values: Record<string, string>): string {
  const inserted: string[] = []
  const marked = clean(body).replace(placeholder, (_, written: string | undefined) => {
    const value = valueOf(values, written ?? '')
    if (value === '') return gap
    inserted.push(value)
    return filled
  })
  let index = 0
  return tidy(marked)
    .replaceAll(filled, () => inserted[index++]!)
    .trim()
}

function valueOf(values: Record<string, string>, written: string): string {
  const name = written
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  return Object.hasOwn(values, name) ? clean(values[name]!).trim() : ''
}

/**
 * Removes control characters, direction overrides and broken surrogates; line ends become '\n', tabs spaces.
 */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '')
}

function tidy(text: string): string {
  if (!text.includes(gap)) return text
  return text.split('\n').flatMap(tidyLine).join('\n')
}

function tidyLine(line: string): string[] {
  if (!line.includes(gap)) return [line]
  let text = line
  let before = ''
  // Each pattern begins at the first space of several: trying every one of them would be quadratic.
  for (let round = 0; before !== text && round < maxRounds; round++) {
    before = text
    text = text
      .replace(/\0[ ]*\0/g, gap) // several in a row leave one gap
      .replace(/\([ ]*\0[ ]*\)|\[[ ]*\0[ ]*\]|"[ ]*\0[ ]*"|'[ ]*\0[ ]*'/g, gap)
      .replace(/(?<![ ])[ ]*[,;:\u2013\u2014-][ ]*\0[ ]*(?=[.,;:!?]|$)/g, gap) // "here: {{x}}." loses the colon
      .replace(/(?<=[.!?])[ ]*\0[ ]*[.,;:!?]/g, gap) // "Hello! {{x}}." loses the full stop
      .replace(/^[ ]*\0[ ]*[.,;:!?]*[ ]*/g, gap) // a line cannot begin with a comma
  }
  const left = text
    .replace(/(?<![ ])[ ]*\0[ ]*(?=[.,;:!?)\]]|$)/g, '')
    .replace(/(^|[([])[ ]*\0[ ]*/g, '$1')
    .replace(/(?<![ ])[ ]*\0[ ]*/g, (found) => (found.includes(' ') ? ' ' : ''))
  return left.trim() === '' ? [] : [left]
}
