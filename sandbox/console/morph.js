// Patches the shown page to match the fetched one. An open row, a half-written reply, the focus and the
// scroll position stay as they are. Elements with the same data-key are the same thing.

/** Attributes that only this page sets. */
const own = new Set(['open', 'data-dirty', 'data-saved', 'aria-busy'])
const keyOf = (node) => node.dataset?.key ?? node.id ?? ''
const isField = (node) =>
  node instanceof HTMLInputElement || node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement

function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.textContent !== to.textContent) from.textContent = to.textContent
    return
  }
  for (const name of from.getAttributeNames()) {
    if (!to.hasAttribute(name) && !own.has(name)) from.removeAttribute(name)
  }
  for (const name of to.getAttributeNames()) {
    if (!own.has(name) && from.getAttribute(name) !== to.getAttribute(name))
      from.setAttribute(name, to.getAttribute(name))
  }
  if (from.hasAttribute('data-keep')) return
  if (isField(from)) {
    if (from === document.activeElement || from.dataset.dirty) return
    if (from instanceof HTMLSelectElement) morphChildren(from, to)
    if (from.type === 'checkbox') from.checked = to.checked
    else if (from.value !== to.value) from.value = to.value
    return
  }
  const isAtEnd =
    from.hasAttribute('data-stick') && from.scrollHeight - from.scrollTop - from.clientHeight < 40
  morphChildren(from, to)
  if (isAtEnd) from.scrollTop = from.scrollHeight
}

export function morphChildren(from, to) {
  const keyed = new Map([...from.childNodes].filter(keyOf).map((node) => [keyOf(node), node]))
  let at = from.firstChild
  // Copies the list, because inserting removes nodes from it.
  for (const wanted of Array.from(to.childNodes)) {
    const key = keyOf(wanted)
    let match = key ? keyed.get(key) : at
    if (!key) while (match && keyOf(match)) match = match.nextSibling
    if (!match || match.nodeName !== wanted.nodeName) {
      from.insertBefore(wanted, at)
      for (const thread of wanted.querySelectorAll?.('[data-stick]') ?? [])
        thread.scrollTop = thread.scrollHeight
      continue
    }
    // Moves the nodes between instead of this one, whose move would lose the focus.
    if (match !== at) {
      if (key && keyed.has(key) && match.contains(document.activeElement))
        while (at !== match) {
          const next = at.nextSibling
          from.insertBefore(at, match.nextSibling)
          at = next
        }
      else from.insertBefore(match, at)
    }
    at = match.nextSibling
    morph(match, wanted)
  }
  while (at) {
    const next = at.nextSibling
    at.remove()
    at = next
  }
}
