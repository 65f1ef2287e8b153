// The help page of a fresh base.

export type SeedHelp = { name: string; question: string; answer: string }

export const seedHelpDesk: SeedHelp[] = [
  {
    name: 'What is Presence?',
    question: 'What is Presence, and what is it not?',
    answer:
      'A ten-minute video conversation with a host who listens. Hosts are not therapists or doctors; ' +
      'if you are in danger, please call your local emergency number.',
  },
  {
    name: 'Moving or cancelling',
    question: 'Can I move or cancel a session?',
    answer:
      'Yes, free of charge until 12 hours before it starts, and the session is yours again. Later than that it counts as used.',
  },
  {
    name: 'Weekly plan',
    question: 'How does the Weekly plan work?',
    answer:
      'Three sessions within seven days, with one host or with three different ones. ' +
      'We send you a message a day before an unused session expires.',
  },
  {
    name: 'Refunds',
    question: 'How do I get my money back?',
    answer:
      'A session without a time can be refunded from your dashboard until it expires. ' +
      'If a host does not come, we offer it by ourselves.',
  },
  {
    name: 'Camera and microphone',
    question: 'My camera or microphone does not work. What now?',
    answer:
      'Allow the browser to use both, close other apps that may hold them, and reload the page. ' +
      'You can also join with sound only; your host will not mind.',
  },
  {
    name: 'Safety',
    question: 'What if somebody behaves badly?',
    answer:
      'Leave at any time and press "Report". A person reads every report, and you will not be matched with that host again. ' +
      'You can report a session for as long as it stands on your page, or block somebody without a word. ' +
      'We tell you what was decided.',
  },
]
