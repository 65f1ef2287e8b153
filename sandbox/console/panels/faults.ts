// Injected faults: ready-made ones, a form for any other, and those that are active.
import { html } from 'hono/html'
import { callFaults, deliveryFaults } from '../../core/faults.ts'
import type { Fault, NewFault } from '../../core/faults.ts'
import { badge, chip, serviceNames } from '../parts.ts'
import type { Html, View } from '../parts.ts'

const meanings: Record<Fault['kind'], string> = {
  error_before: 'Answers an error, does nothing',
  error_after: 'Acts, then answers an error',
  timeout_after: 'Acts, never answers',
  rate_limit: 'Answers "too many requests"',
  slow: 'Answers late',
  malformed: 'Acts, answers half a text',
  outage: 'Is down',
  drop: 'Loses the webhook',
  duplicate: 'Sends the webhook twice',
  delay: 'Sends the webhook late',
  reorder: 'Sends the webhook after the next one',
  tamper: 'Changes the webhook on its way',
  old_secret: 'Signs the webhook with a wrong secret',
}

const readyMade: [label: string, fault: NewFault][] = [
  [
    'Payment webhook is lost',
    { provider: 'stripe', operation: 'checkout.session.completed', kind: 'drop', times: 1 },
  ],
  [
    'Payment webhook comes twice',
    { provider: 'stripe', operation: 'checkout.session.completed', kind: 'duplicate', times: 1 },
  ],
  [
    'Payment webhook is tampered with',
    { provider: 'stripe', operation: 'checkout.session.completed', kind: 'tamper', times: 1 },
  ],
  [
    'Transfer times out after paying',
    { provider: 'stripe', operation: 'transfers.create', kind: 'timeout_after', times: 1 },
  ],
  ['Text messages are down', { provider: 'twilio', operation: '*', kind: 'outage' }],
  ['Cal.com answers slowly', { provider: 'calcom', operation: '*', kind: 'slow', delayMs: 3000 }],
  ['Video rooms are down', { provider: 'daily', operation: '*', kind: 'outage' }],
  ['Airtable is busy', { provider: 'airtable', operation: '*', kind: 'rate_limit', times: 5 }],
]

export function faultsPanel({ ctx, faults, journal, providers }: View): Html {
  const active = faults.list()
  const deliveryTypes = journal
    .since(0)
    .filter((entry) => entry.kind === 'delivery')
    .map((entry) => entry.operation)
  const operations = new Set([
    ...providers.flatMap((provider) => provider.operations.map((one) => one.name)),
    ...deliveryTypes,
  ])
  return html` <section class="rows">
      <h2>What is broken now</h2>
      ${
        active.length === 0
          ? html`<p class="muted">Nothing: every service works.</p>`
          : html`<div class="card list">${active.map(activeFault)}</div>
              <button type="button" class="button" data-delete="/_sandbox/faults">Repair everything</button>`
      }
    </section>
    <section class="rows">
      <h2>Break something</h2>
      <div class="buttons">
        ${readyMade.map(
          ([label, fault]) =>
            html` <button
              type="button"
              class="button"
              data-post="/_sandbox/faults"
              data-body="${JSON.stringify(fault)}"
            >
              ${label}
            </button>`,
        )}
      </div>
    </section>
    <section class="rows">
      <h2>Break something else</h2>
      <form class="card fields" data-post="/_sandbox/faults" data-key="fault-form">
        <label
          >Service
          <select name="provider">
            ${providers.map(({ name }) => html`<option value="${name}">${serviceNames[name]}</option>`)}
          </select></label
        >
        <label
          >What goes wrong
          <select name="kind">
            <optgroup label="Calls">${callFaults.map(option)}</optgroup>
            <optgroup label="Webhooks">${deliveryFaults.map(option)}</optgroup>
          </select></label
        >
        <label
          >Operation or event <input name="operation" list="operations" value="*" required autocomplete="off"
        /></label>
        <datalist id="operations">
          ${[...operations].sort().map((name) => html`<option value="${name}"></option>`)}
        </datalist>
        <label
          >Times <input name="times" type="number" min="1" placeholder="until repaired" value="1"
        /></label>
        <label
          >Chance, 0 to 1
          <input name="probability" type="number" min="0" max="1" step="any" placeholder="always"
        /></label>
        <label>Seed <input name="seed" type="number" step="1" placeholder="1" /></label>
        <label>Delay in ms <input name="delayMs" type="number" min="0" placeholder="usual" /></label>
        <label>Status <input name="status" type="number" min="400" max="599" placeholder="usual" /></label>
        <button class="button primary">Break it</button>
      </form>
    </section>
    <section class="rows">
      <h2>Rate limits</h2>
      <p class="muted">The services' real limits are ${ctx.limitsOn() ? 'on' : 'off'}.</p>
      <button
        type="button"
        class="button"
        data-post="/_sandbox/limits"
        data-body="${JSON.stringify({ on: !ctx.limitsOn() })}"
      >
        ${ctx.limitsOn() ? 'Turn limits off' : 'Turn limits on'}
      </button>
    </section>`
}

const option = (kind: Fault['kind']) => html`<option value="${kind}">${meanings[kind]}</option>`

function activeFault(fault: Fault): Html {
  const often =
    fault.times === undefined ? 'until repaired' : fault.times === 1 ? 'once' : `${fault.times} times`
  const chance = fault.probability === undefined ? '' : `, with chance ${fault.probability}`
  return html`<div class="row flat" data-key="fault ${fault.id}">
    ${badge(fault.provider)}
    <span class="what"
      ><span class="title">${meanings[fault.kind]}</span>
      <span class="detail"
        >${fault.operation === '*' ? 'Everything' : fault.operation}, ${often}${chance}; struck
        ${fault.applied === 1 ? 'once' : `${fault.applied} times`} so far</span
      ></span
    >
    <span class="figures"
      >${chip(fault.kind, 'bad')}
      <button type="button" class="button" data-delete="/_sandbox/faults/${fault.id}">Repair</button></span
    >
  </div>`
}
