import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Reader, useReader } from '../../../shared/page/client/useReader'
import { chinese } from './chinese'
import { english, type Texts } from './english'

export interface Settings extends Reader {
  texts: Texts
}

/** The reader's language, with the page's words in it, and theme. */
export function useSettings(): Settings {
  const reader = useReader({ en: english.title, zh: chinese.title })
  return { ...reader, texts: reader.language === 'zh' ? chinese : english }
}

export const TextsContext = createContext<Texts>(english)

export function useTexts(): Texts {
  return useContext(TextsContext)
}
