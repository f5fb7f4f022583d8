import { useEffect, useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { getJson, postJson } from '../../../shared/page/client/server'
import type { Draft, Published, Samples } from '../tryProtocol'
import { Dialog } from './Dialog'
import { useTexts } from './useSettings'
import type { Ways } from './Ways'

interface Props {
  /** the event that is open */
  seq: string | undefined
  isRevealed: boolean
  /** the other card by which something is sent, where there is one */
  ways: Ways
  showEvent(seq: number): void
  changed(): void
  onClose(): void
}

const PLAIN = JSON.stringify({ orderId: '1001', state: 'paid', items: 2 }, null, 2)
/** As a scheduled event source publishes it. */
const SCHEDULED = JSON.stringify({ TimeZone: 'GMT+8:00', Schedule: '0 */10 * * * *' }, null, 2)
/** Of a select whose other values are numbers of rules. */
type SampleName = 'plain' | 'scheduled' | 'again'

/** Somebody fills an event into a form and publishes it, by PutEvents. */
export function PublishDialog({ seq, isRevealed, ways, showEvent, changed, onClose }: Props) {
  const { publish: texts, said } = useTexts()
  const [samples, setSamples] = useState<Samples>({ buses: [], matching: [] })
  const [chosen, setChosen] = useState<string>('plain')
  const [draft, setDraft] = useState<Draft>()
  const [answer, setAnswer] = useState<Published | string>()
  const [isBusy, setBusy] = useState(false)

  useEffect(() => {
    const query = new URLSearchParams({ ...(seq && { event: seq }), ...(isRevealed && { reveal: '1' }) })
    getJson<Samples>(`/trace/samples?${query}`).then(
      (found) => {
        setSamples(found)
        setDraft((typed) => typed ?? sampleOf(found, 'plain'))
      },
      (error: Error) => setAnswer(error.message),
    )
  }, [])

  async function submit(): Promise<void> {
    setBusy(true)
    try {
      setAnswer(await postJson<Published>('/trace/publish', draft ?? {}))
    } catch (error) {
      setAnswer(errorMessage(error))
    } finally {
      setBusy(false)
      changed()
    }
  }

  const field = (name: 'source' | 'type' | 'subject', hints: { list?: string; placeholder?: string } = {}) => (
    <label>
      {texts[name]}
      <input
        value={draft?.[name] ?? ''}
        spellcheck={false}
        {...hints}
        onInput={({ currentTarget }) => draft && setDraft({ ...draft, [name]: currentTarget.value })}
      />
    </label>
  )
  return (
    <Dialog title={texts.button} onClose={onClose}>
      {ways}
      <form
        class="publish"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <label>
          {texts.sample}
          <select
            value={chosen}
            onChange={({ currentTarget: { value } }) => {
              setChosen(value)
              setDraft(sampleOf(samples, value))
            }}
          >
            {(['plain', 'scheduled', ...(samples.again ? (['again'] as const) : [])] satisfies SampleName[]).map(
              (name) => (
                <option key={name} value={name}>
                  {texts.samples[name]}
                </option>
              ),
            )}
            {samples.matching.map(({ bus, rule }, at) => (
              <option key={`${bus}/${rule}`} value={at}>
                {texts.matching(rule)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.bus}
          <select
            value={draft?.bus ?? ''}
            onChange={({ currentTarget }) => draft && setDraft({ ...draft, bus: currentTarget.value })}
          >
            {busesOf(samples, draft).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {field('source', { list: 'sources' })}
        <datalist id="sources">
          {samples.buses
            .find(({ name }) => name === draft?.bus)
            ?.sources.map((name) => (
              <option key={name} value={name} />
            ))}
        </datalist>
        {field('type')}
        {field('subject', { placeholder: texts.optional })}
        <label class="area">
          {texts.data}
          <textarea
            spellcheck={false}
            rows={9}
            value={draft?.data ?? ''}
            onInput={({ currentTarget }) => draft && setDraft({ ...draft, data: currentTarget.value })}
          />
        </label>
        <button type="submit" class="primary" disabled={isBusy || !draft}>
          {texts.submit}
        </button>
      </form>
      <div class="answer" aria-live="polite">
        {typeof answer === 'string' && <p class="error">{said(answer)}</p>}
        {typeof answer === 'object' && <Answer answer={answer} showEvent={showEvent} />}
      </div>
      {chosen === 'again' && !isRevealed && <p class="in-part">{texts.masked}</p>}
      <p class="muted">{texts.what}</p>
    </Dialog>
  )
}

function Answer({ answer: { seq, refused }, showEvent }: { answer: Published; showEvent(seq: number): void }) {
  const { publish: texts, map, said } = useTexts()
  if (refused !== undefined) {
    return (
      <p class="error">
        {'fault' in refused
          ? `${texts.data}: ${map.place(refused.fault.line, refused.fault.column)}${said(refused.fault.message)}`
          : `${texts.refused(refused.code)}${said(refused.message)}`}
      </p>
    )
  }
  return (
    <p>
      {texts.accepted}{' '}
      {seq !== undefined && (
        <button type="button" onClick={() => showEvent(seq)}>
          {texts.show}
        </button>
      )}
    </p>
  )
}

/** @param chosen a SampleName, or the number of one that a rule matches */
function sampleOf({ buses, matching, again }: Samples, chosen: string): Draft | undefined {
  const bus = busOf({ buses, matching })
  const [source = 'my.source'] = buses.find(({ name }) => name === bus)?.sources ?? []
  if (chosen === 'plain') return { bus, source, type: 'my.type', data: PLAIN }
  if (chosen === 'scheduled') return { bus, source, type: 'eventbridge:Events:ScheduledEvent', data: SCHEDULED }
  if (chosen === 'again') return again
  const { rule: _, ...draft } = matching[Number(chosen)] ?? { rule: '' }
  return 'bus' in draft ? draft : undefined
}

/** The first with a rule, else the first that somebody has made, or the one that is always there. */
export function busOf({ buses, matching }: Pick<Samples, 'buses' | 'matching'>): string {
  return matching[0]?.bus ?? buses.find(({ name }) => name !== 'default')?.name ?? 'default'
}

/** One that is gone since is refused, by its name. */
function busesOf({ buses }: Samples, draft: Draft | undefined): string[] {
  const names = buses.map(({ name }) => name)
  return draft === undefined || names.includes(draft.bus) ? names : [...names, draft.bus]
}
