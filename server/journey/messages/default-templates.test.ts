import { describe, expect, it } from 'vitest'
import { defaultTemplates, isTemplateName, placeholders, templateNames } from './default-templates.ts'
import { renderTemplate } from './template.ts'

const gsm7 = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\n]*$/

const values = {
  member_name: 'Samantha',
  host_name: 'Amelia Hart',
  start_time: 'Sat 28 Feb, 10:30 am AEDT',
  join_url: 'https://presence.example/s/0190d5a2',
  plan_name: 'Weekly',
  amount: '$40.00',
  expires_at: 'Sat 28 Feb, 10:30 am AEDT',
  sessions_left: '2',
  sessions_total: '3',
  manage_url: 'https://presence.example/b/0190d5a2',
}

describe('the default templates', () => {
  it('are one for each of the names that operators know', () => {
    expect(Object.keys(defaultTemplates).sort()).toEqual([...templateNames].sort())
    expect(templateNames).toHaveLength(22)
    expect(new Set(templateNames).size).toBe(22)
  })

  it.each(templateNames)('%s mentions only placeholders that exist', (name) => {
    const used = [...defaultTemplates[name].body.matchAll(/\{\{(.*?)\}\}/g)].map((match) => match[1])
    expect(placeholders).toEqual(expect.arrayContaining(used))
  })

  it.each(templateNames)('%s is complete with every value, and GSM-7 if it is an SMS', (name) => {
    const { body, channel } = defaultTemplates[name]
    const text = renderTemplate(body, values)
    expect(text).not.toMatch(/[{}]/)
    if (channel === 'SMS') {
      expect(body.replaceAll(/[{}]/g, '')).toMatch(gsm7)
      expect(text.length).toBeLessThanOrEqual(306) // two segments
    }
  })

  it.each(templateNames)('%s is still a sentence without any value', (name) => {
    const text = renderTemplate(defaultTemplates[name].body, {})
    expect(text).toMatch(/^\S.*\S$/s)
    expect(text).not.toMatch(/ {2}|[{}]| [.,;:!?]|[:,]$|^[.,;:!?]/)
  })

  it('go by SMS where a person must not miss them; prompts of the room do not', () => {
    expect(templateNames.filter((name) => defaultTemplates[name].channel === 'In-App')).toEqual([
      'Pre-Session Prompt',
      'Conversation Starter',
      'Post-Session Reflection',
      'Host Liked You',
      'Mutual Like',
    ])
  })
})

describe('isTemplateName', () => {
  it('accepts exactly the names of templates', () => {
    for (const name of templateNames) expect(isTemplateName(name)).toBe(true)
    for (const name of ['', 'welcome', 'Session  Reminder', 'constructor', 'toString'])
      expect(isTemplateName(name)).toBe(false)
  })
})
