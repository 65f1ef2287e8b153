// What clicks, forms and edited cells do: each sends an ordinary request to the sandbox.
const toast = document.getElementById('toast')

/** Listens to the whole page; `refresh` is called after each act. */
export function listen(refresh) {
  document.addEventListener('click', (event) => void clicked(event, refresh))
  document.addEventListener('submit', (event) => void submitted(event, refresh))
  document.addEventListener('change', (event) => void edited(event, refresh))
  document.addEventListener('input', ({ target }) => {
    if (target.type !== 'hidden') target.dataset.dirty = 'true'
  })
  document.addEventListener('keydown', keyed)
}

async function send(method, address, body, headers = {}) {
  const init =
    body === undefined
      ? { method, headers }
      : { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
  const answer = await fetch(address, init).catch(() => undefined)
  if (answer?.ok) return true
  const said = await answer?.json().catch(() => undefined)
  const reason = said?.error?.message ?? said?.message ?? said?.error
  say(typeof reason === 'string' ? reason : 'The sandbox did not accept this.')
  return false
}

let toastTimer
function say(text) {
  toast.textContent = text
  toast.hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => (toast.hidden = true), 4000)
}

async function busy(button, act, refresh) {
  button?.setAttribute('aria-busy', 'true')
  await act()
  button?.removeAttribute('aria-busy')
  await refresh()
}

async function clicked({ target }, refresh) {
  const button = target.closest('button')
  if (!button) return
  const { post, body, delete: removed, copy } = button.dataset
  if (post) await busy(button, () => send('POST', post, JSON.parse(body)), refresh)
  if (removed) await busy(button, () => send('DELETE', removed), refresh)
  if (copy)
    await navigator.clipboard.writeText(copy).then(
      () => say(`Copied ${copy}`),
      () => say('The browser did not allow copying.'),
    )
}

async function submitted(event, refresh) {
  const form = event.target
  if (!form.dataset.post) return
  event.preventDefault()
  const fields = [...form.elements].filter((field) => field.name && field.value !== '')
  const body = Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]))
  const act = async () => {
    if (!(await send('POST', form.dataset.post, body))) return
    form.reset()
    for (const field of form.elements) delete field.dataset.dirty
  }
  await busy(event.submitter, act, refresh)
}

function valueOf(field) {
  if (field.type === 'number') return Number(field.value)
  return field.type === 'datetime-local' ? new Date(field.value).toISOString() : field.value
}

// Saves a cell of the Airtable base through its API; `typecast` reads the text as the field needs it.
let token
async function edited({ target: cell }, refresh) {
  if (!cell.dataset?.cell) return
  token ??= await fetch('/_sandbox/keys')
    .then((answer) => answer.json())
    .then((keys) => keys.AIRTABLE_ACCESS_TOKEN)
  const fields = { [cell.dataset.field]: cellValue(cell) }
  const isSaved = await send(
    'PATCH',
    cell.dataset.cell,
    { fields, typecast: true },
    { authorization: `Bearer ${token}` },
  )
  delete cell.dataset.dirty
  cell.toggleAttribute('data-saved', isSaved)
  setTimeout(() => cell.removeAttribute('data-saved'), 1200)
  await refresh()
}

function cellValue(cell) {
  if (cell.type === 'checkbox') return cell.checked
  if (cell.value === '') return null
  if (cell.type === 'number') return Number(cell.value)
  return cell.dataset.type === 'multipleSelects'
    ? cell.value
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean)
    : cell.value
}

function keyed(event) {
  const cell = event.target.closest?.('textarea[data-cell]')
  if (!cell || !['Enter', 'Escape'].includes(event.key) || event.shiftKey) return
  event.preventDefault()
  if (event.key === 'Escape') {
    cell.value = cell.defaultValue
    delete cell.dataset.dirty
  }
  cell.blur()
}
