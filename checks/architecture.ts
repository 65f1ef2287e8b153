// Imports look back, jobs go forward. One ordered list says who may import whom; what is not about order
// stands below it.
import { importsIn, resolveImport } from '../dev/imports.ts'
import type { Source } from './sources.ts'

/** Each part of server/ may import itself and what stands before it. */
const serverOrder = ['lib', 'config', 'db', 'calls', 'integrations', 'journey', 'http', 'jobs', 'main']
/** Inside journey the same holds for its steps; files directly in journey/ come before all steps. */
const journeyOrder = [
  'members',
  'plans',
  'times',
  'purchases',
  'hosts',
  'bookings',
  'refunds',
  'rooms',
  'ratings',
  'messages',
  'payouts',
  'money',
  'operations',
  'records',
  'connections',
  'privacy',
]

/**
 * A journey file named verb-object acts; every other one is a noun: it decides, and neither reads nor writes
 * anything. `*-view.ts` is the shape of an answer, whatever its first word.
 */
export const verbs = [
  'add',
  'adopt',
  'apply',
  'begin',
  'block',
  'book',
  'cancel',
  'change',
  'check',
  'clear',
  'close',
  'compose',
  'complete',
  'confirm',
  'create',
  'drop',
  'decide',
  'end',
  'ensure',
  'erase',
  'expire',
  'extend',
  'find',
  'follow',
  'give',
  'join',
  'leave',
  'lift',
  'list',
  'move',
  'offer',
  'open',
  'pay',
  'post',
  'prepare',
  'pull',
  'rate',
  'read',
  'reserve',
  'lock',
  'receive',
  'reconcile',
  'record',
  'refresh',
  'refund',
  'register',
  'release',
  'remind',
  'report',
  'require',
  'resolve',
  'reverse',
  'schedule',
  'send',
  'set',
  'settle',
  'sign',
  'start',
  'suspend',
  'take',
  'undo',
  'update',
  'write',
]
const purePackages = ['temporal-polyfill', 'zod', 'ical-generator']
/** What else pages may have from the server, besides the nouns. */
const sharedWithPages = [
  'server/lib/landline.ts',
  'server/lib/money.ts',
  'server/lib/phone-number.ts',
  'server/lib/plain-digits.ts',
  'server/lib/visible-text.ts',
]
const typesForPages = ['server/http/app.ts', 'server/http/settings-view.ts', 'server/lib/topic.ts']

/** One sentence for every import or use of the clock that is not allowed. */
export function architectureProblems(sources: Source[]): string[] {
  const programs = sources.filter(({ path }) => /\.(ts|tsx)$/.test(path) && !isTest(path))
  return programs.flatMap((source) => [
    ...importProblems(source),
    ...clockProblems(source),
    ...environmentProblems(source),
  ])
}

export function isNoun(path: string): boolean {
  return isStepFile(path) && !isVerb(path)
}

export function isVerb(path: string): boolean {
  const [first, ...object] = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.ts$/, '')
    .split('-')
  return isStepFile(path) && verbs.includes(first!) && object.length > 0 && object.at(-1) !== 'view'
}

/** Whether it lies in a step's folder and is neither its routes nor a test. */
function isStepFile(path: string): boolean {
  const [, step, file] = /^server\/journey\/([^/]+)\/([^/]+)\.ts$/.exec(path) ?? []
  return journeyOrder.includes(step!) && !/^(.+-)?routes$|\.test$/.test(file!)
}

function importProblems({ path, text }: Source): string[] {
  return importsIn(text).flatMap(({ specifier, isTypeOnly }) => {
    const target = resolveImport(path, specifier)
    const problem =
      target === undefined ? packageProblem(path, specifier) : fileProblem(path, target, isTypeOnly)
    return problem ? [`${path} imports ${target ?? specifier}: ${problem}`] : []
  })
}

function packageProblem(path: string, specifier: string): string | undefined {
  if (!isNoun(path) || purePackages.includes(specifier)) return undefined
  return `a noun decides and does nothing else, so it imports only lib and other nouns. Move the act to a file named verb-object (like cancel-booking.ts).`
}

function fileProblem(path: string, target: string, isTypeOnly: boolean): string | undefined {
  const from = areaOf(path)
  const to = areaOf(target)
  if (from === 'sandbox')
    return to === 'sandbox'
      ? undefined
      : 'the sandbox imports nothing from outside, so that it cannot agree with our mistakes.'
  if (from === 'src') return to === 'src' ? undefined : pageProblem(target, isTypeOnly)
  if (from !== 'server') return undefined
  if (to !== 'server') return 'server/ imports only from server/.'
  if (isNoun(path) && !isTypeOnly && !isNoun(target) && !target.startsWith('server/lib/')) {
    return 'a noun imports only lib and other nouns.'
  }
  return orderProblem(path, target)
}

function pageProblem(target: string, isTypeOnly: boolean): string | undefined {
  const isView = target.endsWith('-view.ts')
  if ((isNoun(target) && !isView) || sharedWithPages.includes(target)) return undefined
  if (isTypeOnly && (isView || typesForPages.includes(target))) return undefined
  if (isView) return 'pages know the types of an answer, not its schema. Write "import type".'
  if (isVerb(target)) return 'verbs act on the server. A page asks for it over HTTP, in src/api/.'
  return `pages import only the nouns of server/journey, ${sharedWithPages.join(', ')}, and with "import type" the types of *-view.ts and ${typesForPages.join(', ')}.`
}

function orderProblem(path: string, target: string): string | undefined {
  const [fromPart, fromStep] = placeOf(path)
  const [toPart, toStep] = placeOf(target)
  const from = serverOrder.indexOf(fromPart)
  const to = serverOrder.indexOf(toPart)
  if (from < 0 || to < 0)
    return `${from < 0 ? path : target} has no place in the house: server/ holds ${serverOrder.join(', ')}.`
  if (to > from)
    return `imports look back (${serverOrder.join(' -> ')}); what must happen later is a job in the same transaction.`
  if (fromPart === 'journey' && fromStep && !journeyOrder.includes(fromStep))
    return `${fromStep} is no step of the journey: ${journeyOrder.join(', ')}.`
  if (fromPart !== 'journey' || toPart !== 'journey' || !toStep) return undefined
  if (journeyOrder.indexOf(toStep) <= journeyOrder.indexOf(fromStep ?? '')) return undefined
  return `inside journey a step imports only earlier ones (${journeyOrder.join(' -> ')}); what must happen later is a job in the same transaction.`
}

/**
 * 'server/journey/bookings/booking.ts' -> ['journey', 'bookings']; 'server/main.ts' -> ['main', undefined].
 */
function placeOf(path: string): [string, string | undefined] {
  const [, part = '', step, ...rest] = path.split('/')
  return [part.replace(/\.ts$/, ''), rest.length > 0 ? step : undefined]
}

function clockProblems({ path, text }: Source): string[] {
  if (areaOf(path) !== 'server' || path === 'server/lib/time.ts') return []
  const code = withoutComments(text)
  return /\bDate\.now\(|\bnew Date\(\s*\)|\bTemporal\.Now\b/.test(code)
    ? [
        `${path} asks the machine for the time. Use now() of server/lib/time.ts, or take the time as a parameter.`,
      ]
    : []
}

function environmentProblems({ path, text }: Source): string[] {
  if (areaOf(path) !== 'server' || path === 'server/config.ts' || path === 'server/main.ts') return []
  return /\bprocess\.env\b/.test(withoutComments(text))
    ? [`${path} reads process.env. Only server/config.ts does; take what is needed as a parameter.`]
    : []
}

const areaOf = (path: string) => path.split('/')[0]!
const isTest = (path: string) => /\.test\.tsx?$/.test(path) || /(^|\/)testing\//.test(path)
const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
