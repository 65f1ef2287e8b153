// The operators' texts in a fresh base. Placeholders: member_name, host_name, start_time, join_url,
// plan_name, amount, expires_at, sessions_left, manage_url, urgency, decision. Reminder, cancelled and moved
// go to both people, so they name both.

export type SeedTemplate = {
  name: string
  body: string
  type: 'Payment' | 'Booking' | 'Reminder' | 'Session' | 'Engagement'
  channel: 'SMS' | 'In-App'
}

const sms = (name: string, type: SeedTemplate['type'], body: string): SeedTemplate => ({
  name,
  body,
  type,
  channel: 'SMS',
})
const shown = (name: string, type: SeedTemplate['type'], body: string): SeedTemplate => ({
  name,
  body,
  type,
  channel: 'In-App',
})

export const seedTemplates: SeedTemplate[] = [
  sms(
    'Payment Confirmation',
    'Payment',
    'Thank you, {{member_name}}. Your {{plan_name}} plan ({{amount}}) is paid. Pick a time with {{host_name}}: {{manage_url}}',
  ),
  sms(
    'Booking Confirmation',
    'Booking',
    'You are meeting {{host_name}} on {{start_time}}. We will remind you 15 minutes before. Change it here: {{manage_url}}',
  ),
  sms(
    'Session Reminder',
    'Reminder',
    'Almost time, {{member_name}} and {{host_name}}: your session starts {{start_time}}. Join here: {{join_url}}',
  ),
  sms(
    'Session Thank You',
    'Session',
    'Thank you for being here today, {{member_name}}. {{host_name}} enjoyed meeting you. Meet again any time: {{manage_url}}',
  ),
  sms(
    'Pack Expiring',
    'Reminder',
    'A gentle nudge, {{member_name}}: unused in your {{plan_name}} plan: {{sessions_left}}. Good until {{expires_at}}: {{manage_url}}',
  ),
  sms(
    'Session Cancelled',
    'Booking',
    'The session of {{member_name}} and {{host_name}} on {{start_time}} is cancelled. What happens next: {{manage_url}}',
  ),
  sms(
    'Session Ended',
    'Booking',
    'Presence has ended the session planned for {{start_time}}: it will not take place. What happens now: {{manage_url}}',
  ),
  sms(
    'Report Alert',
    'Session',
    'Presence: a report is waiting, {{urgency}}. Please look at it now: {{manage_url}}',
  ),
  sms(
    'Report Decided',
    'Session',
    '{{member_name}}, we have looked at what was reported. {{decision}} Details: {{manage_url}}',
  ),
  sms(
    'Session Moved',
    'Booking',
    '{{member_name}} and {{host_name}}, you now meet on {{start_time}}. See you then! Details: {{manage_url}}',
  ),
  sms(
    'Host No-Show',
    'Session',
    'We are sorry, {{member_name}}. {{host_name}} could not make it. Your session is yours again, with 7 extra days: {{manage_url}}',
  ),
  sms(
    'Welcome',
    'Engagement',
    'Welcome to Presence, {{member_name}}. Ten unhurried minutes with somebody kind are waiting whenever you are: {{manage_url}}',
  ),
  sms(
    'Inactive 48h Reminder',
    'Engagement',
    'Hello {{member_name}}, how are you today? If a conversation would help, a host is free soon: {{manage_url}}',
  ),
  sms(
    'Holiday Message',
    'Engagement',
    'Warm wishes from all of us at Presence, {{member_name}}. Our hosts are here over the holidays too: {{manage_url}}',
  ),
  shown(
    'Host Liked You',
    'Engagement',
    '{{host_name}} enjoyed your conversation and would love to meet you again.',
  ),
  shown('Mutual Like', 'Engagement', "It's a match: you and {{host_name}} both want to meet again."),

  sms(
    'Account Deletion',
    'Engagement',
    'Your Presence account will be deleted on {{start_time}}. To keep it, sign in before then: {{manage_url}}',
  ),
  sms(
    'Number Changed',
    'Engagement',
    'Your Presence account has a new mobile number, and this one no longer opens it. If that was not you, tell us now: {{manage_url}}',
  ),
  sms(
    'Host Number Changed',
    'Engagement',
    'Presence was told of a new mobile number for your host account. It opens nothing before {{start_time}}. If that is wrong, tell us now: {{manage_url}}',
  ),

  shown(
    'Pre-Session Prompt',
    'Session',
    'Take one slow breath, and arrive. Nothing needs to be solved in ten minutes.',
  ),
  shown(
    'Pre-Session Prompt',
    'Session',
    'What would make these ten minutes worthwhile for you? One word is enough.',
  ),
  shown(
    'Pre-Session Prompt',
    'Session',
    '{{host_name}} is looking forward to meeting you. Begin with anything, or with a silence.',
  ),

  shown('Conversation Starter', 'Session', 'What has been quietly good about this week?'),
  shown(
    'Conversation Starter',
    'Session',
    'Is there something you have been carrying that you would like to put down for a moment?',
  ),
  shown('Conversation Starter', 'Session', 'Who has been on your mind lately, and why?'),
  shown('Conversation Starter', 'Session', 'What did you use to love doing that you would like to do again?'),
  shown('Conversation Starter', 'Session', 'If tomorrow went gently, what would it look like?'),

  shown(
    'Post-Session Reflection',
    'Session',
    'What is one thing from this conversation you want to remember?',
  ),
  shown('Post-Session Reflection', 'Session', 'How do you feel now, compared with ten minutes ago?'),
  shown('Post-Session Reflection', 'Session', 'Is there a small next step you would like to take today?'),
]
