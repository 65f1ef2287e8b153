// Text without what cannot be seen. Marks of direction that reach beyond their own text turn the words around
// it as well, and can make a name look like another.

/** Without embeddings, overrides and isolates of direction: text of a person ends where it ends. */
export function withoutOverrides(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

/** Text of several lines as a person meant it: whole characters, no control characters, no overrides. */
export function readableText(text: string): string {
  return withoutOverrides(text.toWellFormed())
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])\p{Cc}|\ufffd/gu, '')
}

/**
 * One line as it is seen: composed, with single blanks, without control characters and what is ignored. A
 * joiner stays between two letters or pictures, where some scripts and emoji need it.
 */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\u2800]+/gu, ' ')
    .replace(/[\p{Cc}\p{Co}\p{Cn}\ufffd]/gu, '')
    .replace(/(?!\u200c|\u200d|\ufe0f)[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/(?<![\p{So}\p{Emoji_Modifier}])\ufe0f/gu, '')
    .replace(/(?<!\ufe0f|[\p{L}\p{M}\p{So}\p{Emoji_Modifier}])(?:\u200c|\u200d)+/gu, '')
    .replace(/(?<=\p{Script=Latin})(?:\u200c|\u200d)+|(?:\u200c|\u200d)+(?![\p{L}\p{M}\p{So}])/gu, '')
    .replace(/ +/g, ' ')
    .trim()
}
