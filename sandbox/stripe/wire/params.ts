// The parameters of an operation as a table of fields; reading gives typed values or Stripe's refusal.
import type { Raw, RawFields } from './form.ts'
import { invalid, missingParam } from './refusal.ts'

export type Field<T> = { read: (raw: Raw, param: string) => T; isRequired?: true }
export type RequiredField<T> = Field<T> & { isRequired: true }
export type Shape = Record<string, Field<unknown>>
type ValueOf<F> = F extends Field<infer T> ? T : never
type RequiredNames<S> = { [K in keyof S]: S[K] extends { isRequired: true } ? K : never }[keyof S]
export type Values<S extends Shape> = { [K in RequiredNames<S>]: ValueOf<S[K]> } & {
  [K in Exclude<keyof S, RequiredNames<S>>]?: ValueOf<S[K]> | undefined
}

/** Reads `raw` by `shape`; refuses unknown names first, then missing ones, as Stripe does. */
export function readParams<S extends Shape>(shape: S, raw: RawFields, within = ''): Values<S> {
  const nameOf = (name: string) => (within ? `${within}[${name}]` : name)
  const unknown = Object.keys(raw).filter((name) => !Object.hasOwn(shape, name))
  if (unknown.length > 0) {
    const names = unknown.map(nameOf)
    throw invalid(
      `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`,
      names[0],
      'parameter_unknown',
    )
  }
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(shape)) {
    const value = raw[name]
    if (value !== undefined) values[name] = field.read(value, nameOf(name))
    else if (field.isRequired) throw missingParam(nameOf(name))
  }
  return values as Values<S>
}

export const required = <T>(field: Field<T>): RequiredField<T> => ({ ...field, isRequired: true })

function plain(raw: Raw, param: string): string {
  if (typeof raw !== 'string') throw invalid('Invalid string: {...}', param)
  if (raw === '') {
    throw invalid(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' ` +
        `cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
      param,
      'parameter_invalid_empty',
    )
  }
  return raw
}

export const text: Field<string> = {
  read: (raw, param) => {
    const value = plain(raw, param)
    if (value.length > 5000)
      throw invalid(`Invalid string: ${value.slice(0, 10)}...; must be at most 5000 characters`, param)
    return value
  },
}

export function integer(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Field<number> {
  return {
    read: (raw, param) => {
      const value = plain(raw, param)
      if (!/^-?\d{1,15}$/.test(value))
        throw invalid(`Invalid integer: ${value}`, param, 'parameter_invalid_integer')
      if (Number(value) < min)
        throw invalid(
          `This value must be greater than or equal to ${min}.`,
          param,
          'parameter_invalid_integer',
        )
      if (Number(value) > max)
        throw invalid(`This value must be less than or equal to ${max}.`, param, 'parameter_invalid_integer')
      return Number(value)
    },
  }
}

export const boolean: Field<boolean> = {
  read: (raw, param) => {
    const value = plain(raw, param)
    if (value !== 'true' && value !== 'false') throw invalid(`Invalid boolean: ${value}`, param)
    return value === 'true'
  },
}

export function oneOf<const V extends string>(...values: V[]): Field<V> {
  return {
    read: (raw, param) => {
      const value = plain(raw, param)
      const found = values.find((allowed) => allowed === value)
      if (found === undefined) {
        const names =
          values.length > 1 ? `one of ${values.slice(0, -1).join(', ')}, or ${values.at(-1)}` : values[0]
        throw invalid(`Invalid ${param}: must be ${names}`, param)
      }
      return found
    },
  }
}

/** The sandbox's account settles Australian dollars and does no currency exchange. */
export const currency: Field<string> = {
  read: (raw, param) => {
    const value = plain(raw, param).toLowerCase()
    if (value !== 'aud')
      throw invalid(`Invalid currency: ${value}. The sandbox supports these currencies: aud`, param)
    return value
  },
}

export const url: Field<string> = {
  read: (raw, param) => {
    const value = plain(raw, param)
    if (!/^https?:\/\/[^\s/]/.test(value)) throw invalid('Not a valid URL', param, 'url_invalid')
    return value
  },
}

/** An empty string unsets the value: null. */
export const clearable = <T>(field: Field<T>): Field<T | null> => ({
  read: (raw, param) => (raw === '' ? null : field.read(raw, param)),
})

export function object<S extends Shape>(shape: S): Field<Values<S>> {
  return {
    read: (raw, param) => {
      if (typeof raw === 'string') throw invalid('Invalid object', param)
      return readParams(shape, raw, param)
    },
  }
}

export function list<T>(field: Field<T>): Field<T[]> {
  return {
    read: (raw, param) => {
      if (typeof raw === 'string' || Object.keys(raw).some((key) => !/^\d+$/.test(key)))
        throw invalid('Invalid array', param)
      return Object.keys(raw)
        .map(Number)
        .sort((a, b) => a - b)
        .map((index) => field.read(raw[index]!, `${param}[${index}]`))
    },
  }
}

/** Real parameters of Stripe that change nothing here. */
export const ignored: Field<Raw> = { read: (raw) => raw }

/** `created=…` or `created[gte]=…`. */
export const range: Field<{ gt?: number; gte?: number; lt?: number; lte?: number }> = {
  read: (raw, param) => {
    if (typeof raw === 'string') {
      const exactly = integer().read(raw, param)
      return { gte: exactly, lte: exactly }
    }
    return readParams({ gt: integer(), gte: integer(), lt: integer(), lte: integer() }, raw, param)
  },
}
