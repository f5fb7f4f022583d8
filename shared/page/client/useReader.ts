import { useEffect, useState } from 'preact/hooks'

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

export interface Reader {
  language: 'en' | 'zh'
  theme: Theme
  switchLanguage(): void
  switchTheme(): void
}

/**
 * The reader's language and theme: the browser's, unless they chose another before, on whichever page of this origin.
 * @param titles of the page
 */
export function useReader(titles: Readonly<Record<'en' | 'zh', string>>): Reader {
  const [language, setLanguage] = useStored(
    'trace.language',
    ['en', 'zh'],
    navigator.language.startsWith('zh') ? 'zh' : 'en',
  )
  const [theme, setTheme] = useStored('trace.theme', THEMES, 'auto')
  const title = titles[language]

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = title
  }, [language, title])
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])

  return {
    language,
    theme,
    switchLanguage: () => setLanguage(language === 'zh' ? 'en' : 'zh'),
    switchTheme: () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'),
  }
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
