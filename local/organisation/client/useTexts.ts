import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { english, type Texts } from './english'

export const TextsContext = createContext<Texts>(english)

/** What the page says, in the reader's language. */
export function useTexts(): Texts {
  return useContext(TextsContext)
}
