import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderTemplate } from './template.ts'

const values = { host_name: 'Amelia', member_name: 'Sam', join_url: 'https://presence.example/j/1' }

describe('placeholders', () => {
  it.each([
    ['Hi {{member_name}}, meet {{host_name}}.', 'Hi Sam, meet Amelia.'],
    ['{{ host_name }} and {{\thost_name\t}}', 'Amelia and Amelia'],
    ['{{Host_Name}}, {{HOST_NAME}}, {{host name}}, {{host-name}}', 'Amelia, Amelia, Amelia, Amelia'],
    ['{{host_name}}{{member_name}}', 'AmeliaSam'],
    ['{{{host_name}}}', 'Amelia'],
    ['A set {1, 2} and a single {host_name} stay.', 'A set {1, 2} and a single {host_name} stay.'],
    ['', ''],
  ])('%j becomes %j', (body, text) => expect(renderTemplate(body, values)).toBe(text))
})

describe('a placeholder without a value is removed, with what it leaves stranded', () => {
  it.each([
    ['Hi {{nickname}}, see you', 'Hi, see you'],
    ['Hello {{nickname}}!', 'Hello!'],
    ['{{greeting}}, welcome', 'welcome'],
    ['Meet {{x}} today', 'Meet today'],
    ['Meet Amelia ({{x}}) today', 'Meet Amelia today'],
    ['Meet "{{x}}" today', 'Meet today'],
    ['Join here: {{x}}', 'Join here'],
    ['Join here: {{x}}.', 'Join here.'],
    ['Join - {{x}}', 'Join'],
    ['You, {{x}}, and me', 'You, and me'],
    ['Done. {{x}}. Next', 'Done. Next'],
    ['Great! {{x}}.', 'Great!'],
    ['{{x}} {{y}}{{z}} only this', 'only this'],
    ['one\n{{x}}\ntwo', 'one\ntwo'],
    ['one\n\ntwo {{x}}', 'one\n\ntwo'],
    ['{{x}}', ''],
    ['{{}} {{ }}none', 'none'],
    ['never {{closed, is it', 'never, is it'],
    ['never opened}} here', 'never opened here'],
    ['{{ {{host_name}} }}', 'Amelia'],
    ['Two  spaces of the author stay, {{host_name}}', 'Two  spaces of the author stay, Amelia'],
  ])('%j becomes %j', (body, text) => expect(renderTemplate(body, values)).toBe(text))

  it('also where the value is empty or blank', () => {
    expect(renderTemplate('Hi {{member_name}}, {{host_name}}!', { member_name: '', host_name: '  ' })).toBe(
      'Hi!',
    )
  })

  it('also where the name is one that every object has', () => {
    expect(renderTemplate('a {{constructor}} b {{__proto__}} c {{toString}} d', values)).toBe('a b c d')
  })
})

describe('values are inserted as they are', () => {
  it.each(['{{member_name}}', '{{nobody}}', '$&', "$1 $' $`", '$$', 'Jo, ', '(', '}}', 'José Ñandú 🌱'])(
    '%j',
    (name) => {
      expect(renderTemplate('Hi {{host_name}}!', { ...values, host_name: name })).toBe(`Hi ${name.trim()}!`)
    },
  )

  it('even beside something that is removed', () => {
    expect(renderTemplate('{{host_name}} {{x}}.', { host_name: 'Smith,' })).toBe('Smith,.')
    expect(renderTemplate('{{host_name}}', { host_name: 'two  spaces' })).toBe('two  spaces')
  })
})

describe('control characters', () => {
  it('are stripped from body and values, and lines are kept', () => {
    expect(renderTemplate('a\u0000\u0007b\u001b[31m\u0085\r\nc\rd\te\u007f', {})).toBe('ab[31m\nc\nd e')
    expect(renderTemplate('{{host_name}}', { host_name: 'A\u0000\u0001m\u202ee\u2066\nlia' })).toBe(
      'Ame\nlia',
    )
  })

  it('cannot stand in for the marks used while rendering', () => {
    expect(renderTemplate('\u0001{{host_name}}\u0000\u0001', values)).toBe('Amelia')
  })

  it('do not include the joiners inside an emoji', () => {
    expect(renderTemplate('👩‍🚀 {{host_name}}', values)).toBe('👩‍🚀 Amelia')
  })

  it('include broken surrogates, which no request can carry', () => {
    expect(() =>
      encodeURIComponent(renderTemplate('a\ud800 {{host_name}}', { host_name: '\udc00' })),
    ).not.toThrow()
  })
})

describe('for any text and any values', () => {
  const fragment = fc.constantFrom(
    '{{host_name}}',
    '{{ nope }}',
    '{{',
    '}}',
    '{{{',
    'a',
    ' ',
    ', ',
    '.',
    '\n',
    '(',
    ')',
    '"',
    '-',
    '\u0000',
    '🌱',
  )
  const body = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(''))

  it('no double brace reaches a person, and no control character', () => {
    fc.assert(
      fc.property(body, fc.string({ unit: 'grapheme' }), (text, name) => {
        const harmless = name.replace(/[{}]/g, '')
        const rendered = renderTemplate(text, { host_name: harmless })
        expect(rendered).not.toMatch(/\{\{|\}\}|nope/)
        expect(rendered).not.toMatch(/(?!\n)\p{Cc}/u)
        expect(rendered).toBe(rendered.trim())
      }),
      { numRuns: 500 },
    )
  })

  it('text without braces or control characters is unchanged, except for spaces around it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/[{}]|\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text))
        expect(renderTemplate(text, values)).toBe(text.trim())
      }),
    )
  })
})

it.each([
  ['open braces', '{'.repeat(100_000)],
  ['an open placeholder with spaces', `{{${' '.repeat(100_000)}`],
  ['spaces before and after', `${' '.repeat(50_000)}{{x}}${' '.repeat(50_000)}`],
  ['spaces beside a placeholder', `{{x}}${' .'.repeat(50_000)}${' '.repeat(50_000)}a`],
  ['brackets within brackets', `${'('.repeat(50_000)}{{x}}${')'.repeat(50_000)}`],
  ['commas', `a${' ,'.repeat(50_000)}{{x}}.`],
])('a text of %s is rendered in less than two seconds', (_what, body) => {
  const from = performance.now()
  renderTemplate(body, {})
  expect(performance.now() - from).toBeLessThan(2_000)
})
