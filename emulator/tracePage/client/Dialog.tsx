import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ReplayCommand } from '../protocol'
import { useTexts } from './useSettings'

/** Which dialog is open: OpenDialog.tsx has them. */
export type DialogName =
  | 'send'
  | 'publish'
  | 'map'
  | 'try'
  | 'queues'
  | 'directory'
  | 'robot'
  | 'rules'
  | 'help'
  | { replay: ReplayCommand; count: number }

/** A dialog over the page; the browser keeps the focus in it, and closes it by Escape or a click beside it. */
export function Dialog(props: { title: string; isWide?: boolean; onClose(): void; children: ComponentChildren }) {
  const { title, isWide, onClose, children } = props
  const texts = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  // at once: when the page is drawn anew before it is painted, effects of what is in the dialog go first, and focus
  // nothing in a dialog that is not open
  useLayoutEffect(() => {
    dialog.current?.showModal()
    // who opens a form is about to fill it in, and not to close it
    dialog.current?.querySelector<HTMLElement>('form :is(input, select, textarea)')?.focus()
  }, [])
  useLayoutEffect(() => keepHeight(dialog.current), [])
  return (
    <dialog ref={dialog} class={isWide ? 'across' : ''} aria-label={title} onClose={onClose} {...{ closedby: 'any' }}>
      <div class="dialog">
        <header>
          <h2>{title}</h2>
          <button type="button" class="quiet" onClick={() => dialog.current?.close()} aria-label={texts.close}>
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}

/** It gets higher with what is in it and never less high: a click meant for what just went would be one beside it, and close it. */
function keepHeight(dialog: HTMLElement | null): (() => void) | undefined {
  if (!dialog) return undefined
  const observer = new ResizeObserver(() => dialog.style.setProperty('--height', `${dialog.offsetHeight}px`))
  observer.observe(dialog)
  return () => observer.disconnect()
}
