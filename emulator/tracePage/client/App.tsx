import { useRef, useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { postJson, useFetched, useLive } from '../../../shared/page/client/server'
import type { ActivityChart as Chart } from '../../store/activity'
import type { EventList, Replayed, RuleCommand, RuleState } from '../protocol'
import { ActivityChart } from './ActivityChart'
import type { DialogName } from './Dialog'
import { EventPane } from './EventPane'
import { EventTable, NoEvents, Pages } from './EventTable'
import { FilterBar } from './FilterBar'
import { Header } from './Header'
import { OpenDialog } from './OpenDialog'
import { StateFilter } from './StateFilter'
import { useKeys } from './useKeys'
import { TextsContext, useSettings } from './useSettings'
import { filterOf, isFiltered, useView, withFilter } from './view'

interface Props {
  webhookUrl: string
  /** where a loopback DingTalk is changed; empty where there is none */
  directoryUrl: string
  /** where what a robot said is read; empty where there is none */
  robotUrl: string
  /** a page about the organisation; empty where there is none */
  organisationUrl: string
  hasPeople: boolean
}

const NO_LIST: EventList = { events: [], counts: {}, total: 0, through: 0 }

/** The event trace page. */
export function App({ webhookUrl, directoryUrl, robotUrl, organisationUrl, hasPeople }: Props) {
  const settings = useSettings()
  const { texts } = settings
  const [view, goTo] = useView()
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const [isRevealed, setRevealed] = useState(false)
  const [dialog, setDialog] = useState<DialogName>()
  const [notice, setNotice] = useState('')
  const idInput = useRef<HTMLInputElement>(null)

  // A command changes things at once: whoever gave it need not wait for the server's word that something changed.
  const [commands, setCommands] = useState(0)
  const changed = () => setCommands((number) => number + 1)
  const live = useLive()
  const tick = live.tick + commands
  const filter = filterOf(view)
  const listPath = `/trace/events?${filterOf(view, 'page')}`
  const list = useFetched<EventList>(listPath, tick)
  const chart = useFetched<Chart>(`/trace/activity?${filter}`, tick, 1_000)
  const rules = useFetched<RuleState[]>('/trace/rules', tick)
  const { events, counts, total, through, older } = list.value ?? NO_LIST

  async function command(path: string, body: object): Promise<void> {
    setDialog((open) => (typeof open === 'object' ? undefined : open))
    try {
      const answer = await postJson<Replayed | RuleState[]>(path, body)
      if ('replayed' in answer) {
        setNotice(texts.replay.done(answer.replayed))
        setSelected(new Set())
      }
    } catch (error) {
      setNotice(texts.said(errorMessage(error)))
    }
    changed()
  }
  const changeRule = (asked: RuleCommand) => void command('/trace/rules', asked)

  function select(seqs: number[], isSelected: boolean): void {
    const next = new Set(selected)
    for (const seq of seqs) isSelected ? next.add(seq) : next.delete(seq)
    setSelected(next)
  }
  const open = (seq: number) => goTo({ ...view, event: String(seq) }, view.event ? 'replace' : 'push')
  const close = () => {
    const { event, ...rest } = view
    goTo(rest)
    linkOf(Number(event))?.focus()
  }
  const replaySeqs = (seqs: number[]) => {
    if (seqs.length > 0) setDialog({ replay: { seqs }, count: seqs.length })
  }

  /** Moves the focus, and with an event open that too. */
  function move(step: 1 | -1): void {
    const at = events.findIndex(({ seq }) => seq === (focusedSeq() ?? Number(view.event)))
    const next = events[at === -1 ? 0 : at + step]
    if (next === undefined) return
    linkOf(next.seq)?.focus()
    if (view.event) open(next.seq)
  }
  const current = () => focusedSeq() ?? (view.event ? Number(view.event) : undefined)

  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    '/': () => idInput.current?.focus(),
    x: () => {
      const seq = current()
      if (seq !== undefined) select([seq], !selected.has(seq))
    },
    r: () => replaySeqs(selected.size > 0 ? [...selected] : [current() ?? []].flat()),
    p: () => setRevealed(!isRevealed),
    s: () => setDialog(hasPeople ? 'send' : 'publish'),
    e: () => setDialog('publish'),
    t: () => setDialog('try'),
    q: () => setDialog('queues'),
    m: () => hasPeople && setDialog('map'),
    d: () => directoryUrl !== '' && setDialog('directory'),
    b: () => robotUrl !== '' && setDialog('robot'),
    g: () => goTo(withFilter(view, {})),
    '?': () => setDialog('help'),
    Escape: () => (view.event ? close() : setSelected(new Set())),
  })

  const isEmpty = list.value !== undefined && !isFiltered(view) && total === 0
  return (
    <TextsContext.Provider value={texts}>
      <Header
        settings={settings}
        connection={list.failure ? 'lost' : live.isLive ? 'live' : 'polling'}
        rules={rules.value ?? []}
        canSend={hasPeople}
        canChange={directoryUrl !== ''}
        hasRobot={robotUrl !== ''}
        organisationUrl={organisationUrl}
        open={setDialog}
      />
      {isEmpty ? (
        <NoEvents
          webhookUrl={webhookUrl}
          hasPeople={hasPeople}
          send={() => setDialog(hasPeople ? 'send' : 'publish')}
        />
      ) : (
        <>
          <ActivityChart chart={chart.value} view={view} zoom={goTo} />
          <div class="filters">
            <StateFilter view={view} goTo={goTo} counts={counts} />
            <FilterBar
              view={view}
              goTo={goTo}
              hasPeople={hasPeople}
              known={knownIn(events)}
              idInput={idInput}
              say={setNotice}
            />
          </div>
          {list.failure && !list.value && <p class="error">{texts.said(list.failure)}</p>}
          <main class={view.event ? 'open' : ''}>
            <div class="list">
              <EventTable
                events={events}
                view={view}
                hasPeople={hasPeople}
                selected={selected}
                select={select}
                open={open}
              />
              {list.value && events.length === 0 && <p class="muted none">{texts.list.none}</p>}
              <Pages view={view} goTo={goTo} older={older}>
                {selected.size > 0 && (
                  <button type="button" onClick={() => replaySeqs([...selected])}>
                    {texts.replay.selected(selected.size)}
                  </button>
                )}
                {total > 0 && (
                  <button
                    type="button"
                    // the number must be that of this filter
                    disabled={list.path !== listPath}
                    onClick={() => setDialog({ replay: { filter, through }, count: total })}
                  >
                    {texts.replay.all(total)}
                  </button>
                )}
              </Pages>
            </div>
            {view.event && (
              <EventPane
                key={view.event}
                seq={view.event}
                tick={tick}
                hasRows={hasPeople}
                isRevealed={isRevealed}
                reveal={setRevealed}
                close={close}
                replay={(seq) => replaySeqs([seq])}
                unblock={(bus, rule) => changeRule({ bus, rule, do: 'unblock' })}
                show={(filter) => goTo({ ...filter, ...(view.event && { event: view.event }) })}
              />
            )}
          </main>
        </>
      )}
      <p class={`notice${notice ? ' shown' : ''}`} role="status">
        {notice}
        {notice && (
          <button type="button" class="quiet" aria-label={texts.close} onClick={() => setNotice('')}>
            ✕
          </button>
        )}
      </p>
      <OpenDialog
        dialog={dialog}
        seq={view.event}
        isRevealed={isRevealed}
        reveal={setRevealed}
        hasPeople={hasPeople}
        tick={tick}
        directoryUrl={directoryUrl}
        robotUrl={robotUrl}
        rules={rules.value ?? []}
        changeRule={changeRule}
        replay={(asked) => void command('/trace/replay', asked)}
        showId={(id) => {
          setDialog(undefined)
          goTo({ id })
        }}
        showEvent={(seq) => {
          setDialog(undefined)
          goTo({ event: String(seq) })
        }}
        go={setDialog}
        changed={changed}
        // one that closes late must not take along the next
        close={() => setDialog((open) => (open === dialog ? undefined : open))}
      />
    </TextsContext.Provider>
  )
}

function knownIn(events: EventList['events']): { actions: string[]; types: string[] } {
  return {
    actions: [...new Set(events.flatMap(({ action }) => action ?? []))].sort(),
    types: [...new Set(events.map(({ type }) => type))].sort(),
  }
}

function linkOf(seq: number): HTMLElement | null {
  return document.querySelector<HTMLElement>(`a[data-seq="${seq}"]`)
}

function focusedSeq(): number | undefined {
  const { activeElement } = document
  const seq = activeElement instanceof HTMLElement ? activeElement.dataset['seq'] : undefined
  return seq === undefined ? undefined : Number(seq)
}
