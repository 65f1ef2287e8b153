// Texts for names that have no active template in Airtable. Only characters of the GSM-7 alphabet, so that an
// SMS stays one or two segments. Reminders and changes go to both people, so they name both.

export const templateNames = [
  'Payment Confirmation',
  'Booking Confirmation',
  'Session Reminder',
  'Session Thank You',
  'Pre-Session Prompt',
  'Conversation Starter',
  'Post-Session Reflection',
  'Host Liked You',
  'Mutual Like',
  'Pack Expiring',
  'Session Cancelled',
  'Session Ended',
  'Session Moved',
  'Report Alert',
  'Report Decided',
  'Host No-Show',
  'Welcome',
  'Inactive 48h Reminder',
  'Holiday Message',
  'Account Deletion',
  'Number Changed',
  'Host Number Changed',
] as const
export type TemplateName = (typeof templateNames)[number]

/** Every placeholder a template may use; not every message has a value for each. */
export const placeholders = [
  'member_name',
  'host_name',
  'start_time',
  'join_url',
  'plan_name',
  'amount',
  'expires_at',
  'sessions_left',
  'sessions_total',
  'manage_url',
  'urgency',
  'decision',
] as const

/** `type` and `channel` are Airtable's own words. */
export type Template = {
  body: string
  type: 'Payment' | 'Booking' | 'Reminder' | 'Session' | 'Engagement'
  channel: 'SMS' | 'In-App'
}

export const defaultTemplates: Record<TemplateName, Template> = {
  'Payment Confirmation': {
    type: 'Payment',
    channel: 'SMS',
    body: 'Thank you, {{member_name}}! We received {{amount}} for your {{plan_name}} plan. Pick a time with {{host_name}}: {{manage_url}}',
  },
  'Booking Confirmation': {
    type: 'Booking',
    channel: 'SMS',
    body: "You're booked, {{member_name}}: {{host_name}} will see you on {{start_time}}. Calendar file and changes: {{manage_url}}",
  },
  'Session Reminder': {
    type: 'Reminder',
    channel: 'SMS',
    body: 'Almost time! {{member_name}} and {{host_name}}, your session starts at {{start_time}}. Join here: {{join_url}}',
  },
  'Session Thank You': {
    type: 'Session',
    channel: 'SMS',
    body: 'Thank you for your time with {{host_name}}, {{member_name}}. We hope it did you good. See you again: {{manage_url}}',
  },
  'Pre-Session Prompt': {
    type: 'Session',
    channel: 'In-App',
    body: 'Take a slow breath. What would make these ten minutes with {{host_name}} worth it for you?',
  },
  'Conversation Starter': {
    type: 'Session',
    channel: 'In-App',
    body: "What is one thing from this week that you haven't told anyone yet?",
  },
  'Post-Session Reflection': {
    type: 'Session',
    channel: 'In-App',
    body: 'What will you take with you from your talk with {{host_name}}?',
  },
  'Host Liked You': {
    type: 'Engagement',
    channel: 'In-App',
    body: '{{host_name}} enjoyed talking with you, {{member_name}}. Book again: {{manage_url}}',
  },
  'Mutual Like': {
    type: 'Engagement',
    channel: 'In-App',
    body: "It's a match! You and {{host_name}} liked each other. Plan your next talk: {{manage_url}}",
  },
  'Pack Expiring': {
    type: 'Reminder',
    channel: 'SMS',
    body: '{{member_name}}, your {{plan_name}} plan ends on {{expires_at}} with {{sessions_left}} of {{sessions_total}} unused. Pick a time: {{manage_url}}',
  },
  'Session Cancelled': {
    type: 'Booking',
    channel: 'SMS',
    body: 'The session of {{member_name}} and {{host_name}} on {{start_time}} is cancelled. Details: {{manage_url}}',
  },
  'Session Ended': {
    type: 'Booking',
    channel: 'SMS',
    body: 'Presence has ended the session planned for {{start_time}}: it will not take place. What happens now: {{manage_url}}',
  },
  'Session Moved': {
    type: 'Booking',
    channel: 'SMS',
    body: 'The session of {{member_name}} and {{host_name}} has moved. New time: {{start_time}}. Details: {{manage_url}}',
  },
  'Report Alert': {
    type: 'Session',
    channel: 'SMS',
    body: 'Presence: a report is waiting, {{urgency}}. Please look at it now: {{manage_url}}',
  },
  'Report Decided': {
    type: 'Session',
    channel: 'SMS',
    body: '{{member_name}}, we have looked at what was reported. {{decision}} Details: {{manage_url}}',
  },
  'Host No-Show': {
    type: 'Session',
    channel: 'SMS',
    body: "We're sorry, {{host_name}} couldn't make it. Your session is yours again until {{expires_at}}. New time or refund: {{manage_url}}",
  },
  Welcome: {
    type: 'Engagement',
    channel: 'SMS',
    body: 'Welcome to Presence, {{member_name}}! Good company is ten minutes away. Meet our hosts: {{manage_url}}',
  },
  'Inactive 48h Reminder': {
    type: 'Engagement',
    channel: 'SMS',
    body: "Hi {{member_name}}, we've saved you a seat. Whenever you feel like talking, our hosts are here: {{manage_url}}",
  },
  'Account Deletion': {
    type: 'Engagement',
    channel: 'SMS',
    body: 'Your Presence account will be deleted on {{start_time}}. If you want to keep it, sign in before then: {{manage_url}}',
  },
  'Number Changed': {
    type: 'Engagement',
    channel: 'SMS',
    body: 'Your Presence account has a new mobile number, and this one no longer opens it. If that was not you, tell us now: {{manage_url}}',
  },
  'Host Number Changed': {
    type: 'Engagement',
    channel: 'SMS',
    body: 'Presence was told of a new mobile number for your host account. It opens nothing before {{start_time}}. If that is wrong, tell us now: {{manage_url}}',
  },
  'Holiday Message': {
    type: 'Engagement',
    channel: 'SMS',
    body: 'Happy holidays, {{member_name}}! If you would like some company, our hosts are here: {{manage_url}}',
  },
}

export function isTemplateName(text: string): text is TemplateName {
  return Object.hasOwn(defaultTemplates, text)
}
