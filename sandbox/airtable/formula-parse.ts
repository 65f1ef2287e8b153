// Reads an Airtable formula: {Field Name}, bare names, strings, numbers, operators and function calls.

export type Formula =
  | { kind: 'value'; value: string | number }
  | { kind: 'field'; name: string }
  | { kind: 'call'; name: string; parts: Formula[] }
  | { kind: 'operation'; operator: string; left: Formula; right: Formula }
  | { kind: 'minus'; part: Formula }

type Token = { kind: 'string' | 'number' | 'field' | 'word' | 'sign' | 'end'; text: string }

/** Thrown for a formula that cannot be read or run. */
export class FormulaError extends Error {}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

function tokens(source: string): Token[] {
  const found: Token[] = []
  let at = 0
  const until = (end: string) => {
    let text = ''
    for (at++; at < source.length && source[at] !== end; at++) {
      if (source[at] !== '\\') {
        text += source[at]
        continue
      }
      at++
      text += escapes[source[at] ?? ''] ?? source[at] ?? ''
    }
    if (at++ >= source.length) throw new FormulaError('Unclosed quote or brace')
    return text
  }
  while (at < source.length) {
    const rest = source.slice(at)
    const space = /^\s+/.exec(rest)
    const number = /^\d+(\.\d+)?/.exec(rest)
    const word = /^[\p{L}_][\p{L}\p{N}_.]*/u.exec(rest)
    const sign = /^(!=|<=|>=|[=<>&+\-*/(),])/.exec(rest)
    if (space) at += space[0].length
    else if (rest[0] === '"' || rest[0] === "'") found.push({ kind: 'string', text: until(rest[0]) })
    else if (rest[0] === '{') found.push({ kind: 'field', text: until('}') })
    else if (number || word || sign) {
      const text = (number ?? word ?? sign)![0]
      found.push({ kind: number ? 'number' : word ? 'word' : 'sign', text })
      at += text.length
    } else throw new FormulaError(`Unexpected character ${rest[0]}`)
  }
  return [...found, { kind: 'end', text: '' }]
}

// Operator precedence, lowest first.
const levels = [['=', '!=', '<', '<=', '>', '>='], ['&'], ['+', '-'], ['*', '/']]

export function parseFormula(source: string): Formula {
  const list = tokens(source)
  let at = 0
  const is = (text: string) => list[at]!.kind === 'sign' && list[at]!.text === text
  const expect = (text: string) => {
    if (!is(text)) throw new FormulaError(`Expected ${text}`)
    at++
  }
  const binary = (level: number): Formula => {
    const operators = levels[level]
    if (!operators) return single()
    let left = binary(level + 1)
    while (list[at]!.kind === 'sign' && operators.includes(list[at]!.text)) {
      const operator = list[at++]!.text
      left = { kind: 'operation', operator, left, right: binary(level + 1) }
    }
    return left
  }
  const single = (): Formula => {
    if (is('-')) {
      at++
      return { kind: 'minus', part: single() }
    }
    if (is('(')) {
      at++
      const inner = binary(0)
      expect(')')
      return inner
    }
    const token = list[at++]!
    if (token.kind === 'string') return { kind: 'value', value: token.text }
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) }
    if (token.kind === 'field') return { kind: 'field', name: token.text }
    if (token.kind !== 'word') throw new FormulaError('Unexpected end or sign')
    if (!is('(')) return { kind: 'field', name: token.text }
    return { kind: 'call', name: token.text.toUpperCase(), parts: callParts() }
  }
  const callParts = () => {
    const parts: Formula[] = []
    expect('(')
    while (!is(')')) {
      parts.push(binary(0))
      if (!is(',')) break
      at++
    }
    expect(')')
    return parts
  }
  const formula = binary(0)
  if (list[at]!.kind !== 'end') throw new FormulaError('Unexpected text at the end')
  return formula
}
