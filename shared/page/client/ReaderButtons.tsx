import type { Reader } from './useReader'

const WORDS = {
  en: { otherLanguage: '中文', theme: { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' } },
  zh: { otherLanguage: 'English', theme: { auto: '主题：跟随系统', light: '主题：浅色', dark: '主题：深色' } },
} as const

/** Where there is no room for words. */
const SIGNS = { auto: '◐', light: '○', dark: '●' } as const

/** What a reader switches on every page: the theme, and the language. */
export function ReaderButtons({ reader }: { reader: Reader }) {
  const { language, theme, switchTheme, switchLanguage } = reader
  const words = WORDS[language]
  return (
    <>
      <button type="button" aria-label={words.theme[theme]} onClick={switchTheme}>
        <span class="wide">{words.theme[theme]}</span>
        <span class="narrow">{SIGNS[theme]}</span>
      </button>
      <button type="button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={switchLanguage}>
        {words.otherLanguage}
      </button>
    </>
  )
}
