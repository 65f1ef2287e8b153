// The operators' base: seven tables. Every table the application writes has the text field `Presence ID`.
import type { FieldDefinition, FieldType } from './field-definition.ts'

type TableDefinition = { name: string; description: string; fields: FieldDefinition[] }

const of =
  (type: FieldType) =>
  (name: string): FieldDefinition => ({ name, type })
const text = of('singleLineText')
const longText = of('multilineText')
const email = of('email')
const phone = of('phoneNumber')
const url = of('url')
const checkbox = of('checkbox')
const time = of('dateTime')
const attachments = of('multipleAttachments')
const number = (name: string): FieldDefinition => ({ name, type: 'number', precision: 0 })
const percent = (name: string): FieldDefinition => ({ name, type: 'percent', precision: 0 })
const dollars = (name: string): FieldDefinition => ({ name, type: 'currency', precision: 2 })
const one = (name: string, ...choices: string[]): FieldDefinition => ({ name, type: 'singleSelect', choices })
const many = (name: string, ...choices: string[]): FieldDefinition => ({
  name,
  type: 'multipleSelects',
  choices,
})
const link = (name: string, table: string, inverse: string): FieldDefinition => ({
  name,
  type: 'multipleRecordLinks',
  link: { table, inverse },
})

const presenceId = text('Presence ID')
const verification = one('Verification Status', 'Pending', 'Verified', 'Failed')
const standing = one('Status', 'Active', 'Inactive', 'Suspended')
const planType = one('Plan Type', 'Adhoc', 'Weekly')

export const baseTables: TableDefinition[] = [
  {
    name: 'Hosts',
    description:
      'People who can be met. Country / Time Zone is written `<Country> / <IANA zone>`: Australia / Australia/Sydney.',
    fields: [
      text('Full Name'),
      email('Email'),
      phone('Mobile Number'),
      attachments('Profile Photo'),
      longText('About You (Host Bio)'),
      many(
        'Languages Spoken',
        'English',
        'Arabic',
        'French',
        'Hindi',
        'Japanese',
        'Māori',
        'Spanish',
        'Swahili',
        'Swedish',
        'Tamil',
        'Vietnamese',
        'Yoruba',
      ),
      text('Country / Time Zone'),
      many(
        'Personality Tags',
        'Calm',
        'Outgoing',
        'Empathetic',
        'Analytical',
        'Funny',
        'Motivator',
        'Listener',
      ),
      verification,
      standing,
      text('Stripe Connect ID'),
      text('Stripe Payout Status'),
      url('Cal Link'),
      one('Host Age Group', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'),
      one(
        'Host Category',
        'Listening Ear',
        'Everyday Company',
        'Encouragement',
        'New Beginnings',
        'Career & Study',
      ),
      url('Intro Video'),
      percent('Rebook Rate (%)'),
      presenceId,
      link('Presence Operations', 'Presence Operations', 'Linked Host'),
    ],
  },
  {
    name: 'Members',
    description: 'People who book sessions; written by Presence.',
    fields: [
      text('Full Name'),
      presenceId,
      email('Email'),
      phone('Mobile Number'),
      verification,
      standing,
      text('Time Zone'),
      text('Language Preference'),
      longText('Interests'),
      text('Stripe Customer ID'),
      time('Last Active'),
      checkbox('Member Agreement Accepted'),
      checkbox('Community Pledge Signed'),
      link('Presence Operations', 'Presence Operations', 'Linked Member'),
    ],
  },
  {
    name: 'Presence Operations',
    description: 'One row for each paid session; written by Presence.',
    fields: [
      presenceId,
      one('Booking Status', 'Pending', 'Created', 'Completed', 'Cancelled', 'Expired'),
      one('Payment Status', 'Pending', 'Processing', 'Completed', 'Failed', 'Refunded'),
      text('Host Name'),
      text('Member Name'),
      link('Linked Host', 'Hosts', 'Presence Operations'),
      link('Linked Member', 'Members', 'Presence Operations'),
      planType,
      dollars('Amount (AUD)'),
      dollars('Presence Share (AUD)'),
      dollars('Host Share (AUD)'),
      text('Transaction ID'),
      text('Cal.com Booking ID'),
      url('Cal.com URL'),
      time('Session Start Time'),
      number('Session Duration (mins)'),
      url('Video Room URL'),
      one('Video Room Status', 'Not Created', 'Active', 'Ended'),
      checkbox('Host Joined'),
      checkbox('Member Joined'),
      one('Payout Status', 'None', 'Waiting for Onboarding', 'Scheduled', 'Paid', 'Reversed', 'Failed'),
      text('Payout ID'),
      time('Payout Date'),
      text('Notification Status'),
    ],
  },
  {
    name: 'Templates',
    description: 'Texts that people read; edited here. Placeholders are written {{host_name}}.',
    fields: [
      text('Template Name'),
      longText('Message Body'),
      one('Type', 'Payment', 'Booking', 'Reminder', 'Session', 'Engagement'),
      one('Channel', 'SMS', 'In-App'),
      checkbox('Active'),
    ],
  },
  {
    name: 'Help Desk Prompts',
    description: 'Questions and answers of the help page; edited here.',
    fields: [text('Prompt Name'), longText('Question'), longText('Answer'), checkbox('Active')],
  },
  {
    name: 'Likes',
    description: 'Who would like to meet again; written by Presence.',
    fields: [
      presenceId,
      text('Host ID'),
      text('Host Name'),
      text('Member ID'),
      text('Member Name'),
      checkbox('Is Mutual'),
      one('Status', 'Active', 'Inactive'),
    ],
  },
  {
    name: 'Refunds',
    description: 'Money given back; written by Presence.',
    fields: [
      presenceId,
      text('Transaction ID'),
      planType,
      dollars('Refund Amount (AUD)'),
      longText('Refund Reason'),
      time('Refund Date'),
      one('Refund Status', 'Requested', 'Pending', 'Succeeded', 'Failed'),
    ],
  },
]
