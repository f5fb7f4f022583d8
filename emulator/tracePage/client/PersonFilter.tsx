import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { postJson } from '../../../shared/page/client/server'
import type { FoundPeople, PeopleCommand } from '../protocol'
import { useTexts } from './useSettings'

interface PersonFilterProps {
  /** user ids, with commas between them */
  chosen: string
  choose(userIds: string): void
  say(notice: string): void
}

/**
 * A person by their user id or their whole name. It is looked up once it is typed, as a part of it finds nobody; the
 * address then holds the user ids of whoever that is, and no name.
 */
export function PersonFilter({ chosen, choose, say }: PersonFilterProps) {
  const { filter, said } = useTexts()
  const [typed, setTyped] = useState(chosen)
  const [isNobody, setNobody] = useState(false)
  // not useEffect, which comes a frame later, and over what is typed meanwhile
  useLayoutEffect(() => {
    setTyped(chosen)
    setNobody(false)
  }, [chosen])
  // meanwhile another filter may be chosen, and somebody else be asked for
  const latest = useRef({ choose, named: '' })
  latest.current.choose = choose

  async function look(named: string): Promise<void> {
    latest.current.named = named
    if (named === chosen) return
    say('')
    try {
      const { userIds } = await postJson<FoundPeople>('/trace/people', { named } satisfies PeopleCommand)
      if (latest.current.named !== named) return
      if (userIds.length > 0) {
        setTyped(userIds.join(','))
        latest.current.choose(userIds.join(','))
      } else {
        setNobody(true)
        say(filter.nobody)
      }
    } catch (error) {
      say(said(errorMessage(error)))
    }
  }

  return (
    <input
      type="search"
      class="person"
      aria-label={filter.person}
      title={filter.person}
      placeholder={filter.personInShort}
      value={typed}
      maxLength={4_096}
      aria-invalid={isNobody}
      spellcheck={false}
      autocomplete="off"
      onInput={({ currentTarget: { value } }) => {
        setTyped(value)
        setNobody(false)
        latest.current.named = ''
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
