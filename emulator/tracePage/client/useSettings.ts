import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { chinese } from './chinese'
import { english, type Texts } from './english'

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

export interface Settings {
  texts: Texts
  theme: Theme
  switchLanguage(): void
  switchTheme(): void
}

/** The reader's language and theme: the browser's, unless they chose another here before. */
export function useSettings(): Settings {
  const [language, setLanguage] = useStored(
    'trace.language',
    ['en', 'zh'],
    navigator.language.startsWith('zh') ? 'zh' : 'en',
  )
  const [theme, setTheme] = useStored('trace.theme', THEMES, 'auto')
  const texts = language === 'zh' ? chinese : english

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = texts.title
  }, [language, texts])
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])

  return {
    texts,
    theme,
    switchLanguage: () => setLanguage(language === 'zh' ? 'en' : 'zh'),
    switchTheme: () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'),
  }
}

export const TextsContext = createContext<Texts>(english)

export function useTexts(): Texts {
  return useContext(TextsContext)
}

function useStored<T extends string>(key: string, known: readonly T[], otherwise: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => known.find((one) => one === read(key)) ?? otherwise)
  return [
    value,
    (next) => {
      write(key, next)
      setValue(next)
    },
  ]
}

/** A browser may forbid storage; then a choice lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // see read
  }
}
