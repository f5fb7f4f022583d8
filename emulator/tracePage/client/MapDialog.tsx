import { useEffect, useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { ColumnHeads } from '../../../shared/page/client/ColumnHeads'
import { getJson, postJson } from '../../../shared/page/client/server'
import type { EventDetail, MapCommand, Mapped, MappedColumn, MappedEvent, MappedRow, MappedTable } from '../protocol'
import { Dialog } from './Dialog'
import { asText, exactTime } from './format'
import { useTexts } from './useSettings'
import type { Ways } from './Ways'

/** What a connector posts when somebody joins. */
const EXAMPLE = { syncAction: 'user_add_org', userId: '0042', name: '小明', active: true, department: [1] }

/** As long as somebody types on, nothing is asked. */
const PAUSE_MS = 250
const MAX_SHOWN = 20

interface Props {
  /** the event that is open, with which the card begins */
  seq: string | undefined
  isRevealed: boolean
  ways: Ways
  onClose(): void
}

/** Somebody edits an event, and sees beside it what it would do. */
export function MapDialog({ seq, isRevealed, ways, onClose }: Props) {
  const { map: texts, said } = useTexts()
  const [text, setText] = useState(seq === undefined ? JSON.stringify(EXAMPLE, null, 2) : '')
  const [mapped, setMapped] = useState<Mapped>()
  const [failure, setFailure] = useState('')

  useEffect(() => {
    if (seq === undefined) return
    const path = `/trace/events/${seq}${isRevealed ? '?reveal=1' : ''}`
    getJson<EventDetail>(path).then(
      // what was typed meanwhile stays
      ({ event }) => setText((typed) => typed || event),
      (error: Error) => setFailure(error.message),
    )
  }, [])
  useEffect(() => {
    if (text === '') return setMapped(undefined)
    let isOver = false
    const timer = setTimeout(async () => {
      try {
        const asked: MapCommand = { text }
        const answer = await postJson<Mapped>('/trace/map', asked)
        if (isOver) return
        setMapped(answer)
        setFailure('')
      } catch (error) {
        if (!isOver) setFailure(errorMessage(error))
      }
    }, PAUSE_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [text])

  return (
    <Dialog title={texts.button} onClose={onClose} isWide>
      {ways}
      <p class="muted">{texts.what}</p>
      <div class="try">
        <form onSubmit={(event) => event.preventDefault()}>
          <textarea
            aria-label={texts.text}
            placeholder={texts.text}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </form>
        <section aria-label={texts.result}>
          {failure && <p class="error">{said(failure)}</p>}
          {mapped && <Result mapped={mapped} />}
        </section>
      </div>
    </Dialog>
  )
}

function Result({ mapped: { form, fault, notes, dropped, events } }: { mapped: Mapped }) {
  const { map: texts, said } = useTexts()
  return (
    <>
      <p role="status" class={fault ? 'error' : 'muted'}>
        {fault && `${texts.place(fault.line, fault.column)}${said(fault.message)}`}
        {form && texts.forms[form]}
      </p>
      {dropped.length > 0 && <p class="in-part">{texts.dropped(dropped)}</p>}
      {[...new Set(notes)].map((note) => (
        <p key={note} class="in-part">
          {said(note)}
        </p>
      ))}
      {events.slice(0, MAX_SHOWN).map((event, at) => (
        <OneEvent key={at} event={event} />
      ))}
      {events.length > MAX_SHOWN && <p class="muted">{texts.more(events.length - MAX_SHOWN)}</p>}
    </>
  )
}

function OneEvent({ event: { id, type, rules, isBrought, tables } }: { event: MappedEvent }) {
  const { map: texts, said } = useTexts()
  return (
    <article>
      <p>
        <code>{id}</code> <small>{type}</small>
      </p>
      <ol class="steps">
        {rules.map(({ rule, why }) => (
          <li key={rule} class={why === undefined ? 'delivered' : 'unmatched'}>
            <b>{rule}</b> {why === undefined ? texts.matches : said(why)}
          </li>
        ))}
        {rules.length === 0 && <li class="unmatched">{texts.noRule}</li>}
      </ol>
      {!isBrought && <p class="in-part">{texts.notBrought}</p>}
      {tables.map((table) => (
        <OneTable key={table.table} table={table} />
      ))}
    </article>
  )
}

function OneTable({ table: { table, why, faults, rows } }: { table: MappedTable }) {
  const { map: texts, said } = useTexts()
  return (
    <>
      <h3>
        {table} {why !== undefined && <small>{said(why)}</small>}
      </h3>
      {faults.length > 0 && <p class="error">{texts.deadLetter(said(faults.join('; ')))}</p>}
      {rows.slice(0, MAX_SHOWN).map((row, at) => (
        <Row key={at} row={row} />
      ))}
      {rows.length > MAX_SHOWN && <p class="muted">{texts.more(rows.length - MAX_SHOWN)}</p>}
    </>
  )
}

function Row({ row: { key, absent, version, columns } }: { row: MappedRow }) {
  const { map: texts, detail } = useTexts()
  const { time, stage, sequence, timeIs } = version
  const further = [
    texts.timeIs[timeIs],
    stage > 0 ? texts.stage(stage) : '',
    sequence === '0' ? '' : texts.sequence(sequence),
  ]
  return (
    <>
      <p>
        {key.map(({ name, value }) => (
          <span key={name} class="target">
            {name} <b>{value || '–'}</b>
          </span>
        ))}
      </p>
      {absent && <p>{texts.absent(absent.after, absent.upTo, absent.ids)}</p>}
      <p class="legend muted">
        {[`${texts.version} ${exactTime(time)}`, ...further.filter((words) => words !== '')].join(' · ')}
      </p>
      <table class="columns">
        <ColumnHeads titles={[detail.column, detail.value, texts.from]} />
        <tbody>
          {columns.map((column) => (
            <Column key={column.name} column={column} />
          ))}
        </tbody>
      </table>
    </>
  )
}

function Column({ column: { name, value, from, why } }: { column: MappedColumn }) {
  const { said } = useTexts()
  return (
    <tr class={value === undefined ? '' : 'changed'}>
      <th scope="row">{name}</th>
      <td class={value === undefined || value === null ? 'muted' : ''}>{asText(value)}</td>
      <td class="muted">
        {from !== undefined && <code>{from}</code>} {why !== undefined && said(why)}
      </td>
    </tr>
  )
}
