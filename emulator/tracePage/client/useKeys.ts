import { useEffect, useRef } from 'preact/hooks'

/** What each key does, by `KeyboardEvent.key`. */
type Keys = Readonly<Record<string, () => void>>

/** Keys of the page. None while a dialog is open or a modifier is held, and only Escape while something is typed. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys)
  current.current = keys
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const action = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      if (document.querySelector('dialog[open]') !== null) return
      const { target } = event
      if (isTypedIn(target)) {
        if (event.key === 'Escape') target.blur()
        return
      }
      // within the open event arrows scroll
      if (event.key.startsWith('Arrow') && target instanceof Element && target.closest('aside') !== null) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

function isTypedIn(target: EventTarget | null): target is HTMLElement {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox'
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
}
