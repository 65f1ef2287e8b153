// Chrome's page translation puts a <font> in the place of each text. React still holds the text it made, and
// would throw as soon as it removes it, or fail to show a change. See
// https://github.com/facebook/react/issues/11538

/** The <font> that stands in the place of a text. */
const standIns = new WeakMap<Node, Element>()

const childOf = (parent: Node, node: Node | null | undefined) =>
  node && node.parentNode !== parent && standIns.get(node)?.parentNode === parent ? standIns.get(node)! : node

/**
 * Lets React go on while the page is translated: what it removes disappears, and what it changes is shown.
 */
export function surviveTranslation(): void {
  const observer = new MutationObserver((records) => {
    for (const { type, target, removedNodes, addedNodes, previousSibling, nextSibling } of records) {
      if (type === 'characterData') {
        showAgain(target)
        continue
      }
      const font = [...addedNodes, previousSibling, nextSibling].find(isFont)
      if (!font) continue
      for (const node of removedNodes) {
        if (node.nodeType !== Node.TEXT_NODE || node.isConnected) continue
        standIns.set(node, font)
        observer.observe(node, { characterData: true })
      }
    }
  })
  observer.observe(document.documentElement, { childList: true, subtree: true })

  const { removeChild, insertBefore } = Node.prototype
  Node.prototype.removeChild = function <Child extends Node>(child: Child): Child {
    const shown = childOf(this, child)
    // Whatever somebody else has moved away is gone from here already.
    if (shown?.parentNode === this) removeChild.call(this, shown)
    return child
  }
  Node.prototype.insertBefore = function <Child extends Node>(child: Child, before: Node | null): Child {
    const shown = childOf(this, before)
    insertBefore.call(this, child, shown?.parentNode === this ? shown : null)
    return child
  }
}

/** React has changed a text that is not shown: it takes its place back, and is translated anew. */
function showAgain(text: Node): void {
  const font = standIns.get(text)
  standIns.delete(text)
  if (font?.isConnected && !text.isConnected) font.replaceWith(text)
}

function isFont(node: Node | null): node is Element {
  return node?.nodeName === 'FONT'
}
