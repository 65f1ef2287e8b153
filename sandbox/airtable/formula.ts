// Runs a formula on one row: the functions that filters are made of. An empty cell counts as ''.
import { dayMs } from '../core/durations.ts'
import type { Store } from '../core/store.ts'
import { FormulaError, parseFormula } from './formula-parse.ts'
import type { Formula } from './formula-parse.ts'
import { unprocessable } from './refusal.ts'
import { cellText } from './rows.ts'
import type { Row } from './rows.ts'
import { findField } from './schema.ts'
import type { Table } from './schema.ts'

type Value = string | number | boolean | Date

/** Says whether a row passes the formula; throws INVALID_FILTER_BY_FORMULA for one that cannot be run. */
export function formulaFilter(
  store: Store,
  table: Table,
  source: string,
  nowMs: number,
): (row: Row) => boolean {
  const refuse = (error: unknown): never => {
    if (!(error instanceof FormulaError)) throw error
    throw unprocessable(
      'INVALID_FILTER_BY_FORMULA',
      `The formula for filtering records is invalid: ${error.message}`,
    )
  }
  try {
    const formula = parseFormula(source)
    checkNames(formula, table, store)
    return (row) => isTrue(evaluate(formula, { store, table, row, nowMs }))
  } catch (error) {
    return refuse(error)
  }
}

/** Unknown fields and functions are refused even when no row would reach them. */
function checkNames(formula: Formula, table: Table, store: Store): void {
  if (formula.kind === 'field' && !findField(store, table, formula.name)) {
    throw new FormulaError(`Unknown field names: ${formula.name.toLowerCase()}`)
  }
  if (formula.kind === 'call') {
    if (!functions[formula.name]) throw new FormulaError(`Unknown function names: ${formula.name}`)
    formula.parts.forEach((part) => checkNames(part, table, store))
  }
  if (formula.kind === 'minus') checkNames(formula.part, table, store)
  if (formula.kind === 'operation')
    [formula.left, formula.right].forEach((part) => checkNames(part, table, store))
}

type Scope = { store: Store; table: Table; row: Row; nowMs: number }

function evaluate(formula: Formula, scope: Scope): Value {
  switch (formula.kind) {
    case 'value':
      return formula.value
    case 'field':
      return fieldValue(formula.name, scope)
    case 'minus':
      return -toNumber(evaluate(formula.part, scope))
    case 'operation':
      return operate(formula.operator, evaluate(formula.left, scope), evaluate(formula.right, scope))
    case 'call': {
      const { parts } = formula
      return functions[formula.name]!(
        parts.length,
        (index) => {
          const part = parts[index]
          return part ? evaluate(part, scope) : ''
        },
        scope,
      )
    }
  }
}

function fieldValue(name: string, { store, table, row }: Scope): Value {
  const field = findField(store, table, name)!
  const value = row.fields[field.name]
  if (field.type === 'checkbox') return value === true
  if (typeof value === 'number') return value
  if (field.type === 'dateTime' && typeof value === 'string') return new Date(value)
  return cellText(store, field, value)
}

const isTrue = (value: Value) => (value instanceof Date ? true : Boolean(value))
const toText = (value: Value) => {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'boolean') return value ? '1' : ''
  return String(value)
}
const toNumber = (value: Value) => (value instanceof Date ? value.getTime() : Number(value))
const toMs = (value: Value) => (value instanceof Date ? value.getTime() : Date.parse(toText(value)))

function operate(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '=':
      return isEqual(left, right)
    case '!=':
      return !isEqual(left, right)
    case '&':
      return toText(left) + toText(right)
    case '+':
      return toNumber(left) + toNumber(right)
    case '-':
      return toNumber(left) - toNumber(right)
    case '*':
      return toNumber(left) * toNumber(right)
    case '/':
      return toNumber(left) / toNumber(right)
  }
  if (toText(left) === '' || toText(right) === '') return false
  const areDates = left instanceof Date || right instanceof Date
  const [a, b] = areDates ? [toMs(left), toMs(right)] : [toNumber(left), toNumber(right)]
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b
}

/** Comparison is strict: the text '1' is not the number 1, but a checkbox is both 1 and TRUE(). */
function isEqual(left: Value, right: Value): boolean {
  if (left instanceof Date || right instanceof Date) return toMs(left) === toMs(right)
  if (typeof left === 'boolean' || typeof right === 'boolean') return isTrue(left) === isTrue(right)
  return left === right
}

type Part = (index: number) => Value

const all = (count: number, part: Part) => Array.from({ length: count }, (_, index) => part(index))
const dayOf = (value: Value, unit: string) =>
  new Date(toMs(value)).toISOString().slice(0, unit.startsWith('day') ? 10 : 23)

const functions: Record<string, (count: number, part: Part, scope: Scope) => Value> = {
  AND: (count, part) => all(count, part).every(isTrue),
  OR: (count, part) => all(count, part).some(isTrue),
  NOT: (_count, part) => !isTrue(part(0)),
  XOR: (count, part) => all(count, part).filter(isTrue).length % 2 === 1,
  IF: (_count, part) => (isTrue(part(0)) ? part(1) : part(2)),
  TRUE: () => true,
  FALSE: () => false,
  BLANK: () => '',
  RECORD_ID: (_count, _part, { row }) => row.id,
  CREATED_TIME: (_count, _part, { row }) => new Date(row.createdTime),
  LAST_MODIFIED_TIME: (_count, _part, { row }) => new Date(row.modifiedAtMs),
  NOW: (_count, _part, { nowMs }) => new Date(nowMs),
  TODAY: (_count, _part, { nowMs }) => new Date(nowMs - (nowMs % dayMs)),
  LOWER: (_count, part) => toText(part(0)).toLowerCase(),
  UPPER: (_count, part) => toText(part(0)).toUpperCase(),
  TRIM: (_count, part) => toText(part(0)).trim(),
  LEN: (_count, part) => toText(part(0)).length,
  VALUE: (_count, part) => Number.parseFloat(toText(part(0))),
  T: (_count, part) => toText(part(0)),
  EXACT: (_count, part) => toText(part(0)) === toText(part(1)),
  CONCATENATE: (count, part) => all(count, part).map(toText).join(''),
  ARRAYJOIN: (_count, part) => toText(part(0)),
  SUBSTITUTE: (_count, part) => toText(part(0)).replaceAll(toText(part(1)), toText(part(2))),
  FIND: (_count, part) => toText(part(1)).indexOf(toText(part(0)), Math.max(0, Number(part(2)) - 1)) + 1,
  SEARCH: (_count, part) =>
    toText(part(1))
      .toLowerCase()
      .indexOf(toText(part(0)).toLowerCase()) + 1 || '',
  DATETIME_PARSE: (_count, part) => new Date(toMs(part(0))),
  IS_BEFORE: (_count, part) => toMs(part(0)) < toMs(part(1)),
  IS_AFTER: (_count, part) => toMs(part(0)) > toMs(part(1)),
  IS_SAME: (_count, part) => {
    const unit = toText(part(2))
    return (
      !Number.isNaN(toMs(part(0))) &&
      !Number.isNaN(toMs(part(1))) &&
      dayOf(part(0), unit) === dayOf(part(1), unit)
    )
  },
}
