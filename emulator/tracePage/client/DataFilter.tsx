import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { getJson } from '../../../shared/page/client/server'
import { useTexts } from './useSettings'

interface Props {
  chosen: string
  choose(text: string): void
  say(notice: string): void
}

/**
 * What is in an event: a field and its value, or an event pattern. It is asked for once it is typed, as a part of it is
 * something else, and gets into the address once the server has understood it.
 */
export function DataFilter({ chosen, choose, say }: Props) {
  const { filter, said } = useTexts()
  const [typed, setTyped] = useState(chosen)
  const [isRefused, setRefused] = useState(false)
  // not useEffect, which comes a frame later, and over what is typed meanwhile
  useLayoutEffect(() => {
    setTyped(chosen)
    setRefused(false)
  }, [chosen])
  // meanwhile something else may be chosen, or asked for
  const latest = useRef({ choose, asked: '' })
  latest.current.choose = choose

  async function look(text: string): Promise<void> {
    latest.current.asked = text
    if (text === chosen) return
    say('')
    try {
      await getJson(`/trace/events?${new URLSearchParams({ data: text, limit: '1' })}`)
      if (latest.current.asked === text) latest.current.choose(text)
    } catch (error) {
      if (latest.current.asked !== text) return
      setRefused(true)
      say(said(errorMessage(error)))
    }
  }

  return (
    <input
      type="search"
      class="data"
      aria-label={filter.data}
      title={filter.dataHelp}
      placeholder={filter.dataInShort}
      value={typed}
      maxLength={4_096}
      aria-invalid={isRefused}
      spellcheck={false}
      autocomplete="off"
      onInput={({ currentTarget: { value } }) => {
        setTyped(value)
        setRefused(false)
        latest.current.asked = ''
        if (value.trim() !== '') return
        say('')
        choose('')
      }}
      onChange={({ currentTarget: { value } }) => {
        if (value.trim() !== '') void look(value.trim())
      }}
    />
  )
}
