import { useEffect, useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { getJson, postJson } from '../../../shared/page/client/server'
import type { EventDetail, RuleState } from '../protocol'
import type { Samples, Transform, Tried, TriedRule, TriedText, TryCommand } from '../tryProtocol'
import { Dialog } from './Dialog'
import { busOf } from './PublishDialog'
import { useTexts } from './useSettings'
import type { Ways } from './Ways'

function example(bus: string): string {
  const attributes = { id: '1', source: 'my.source', type: 'my.type', specversion: '1.0', aliyuneventbusname: bus }
  return JSON.stringify({ ...attributes, data: { orderId: '1001', state: 'paid', items: 2 } }, null, 2)
}
const PATTERN = { source: ['my.source'], data: { state: [{ prefix: 'pa' }] } }
const FORMS = ['ORIGINAL', 'JSONPATH', 'CONSTANT', 'TEMPLATE'] as const

/** As long as somebody types on, nothing is asked. */
const PAUSE_MS = 250

interface Props {
  /** the event that is open, with which the card begins */
  seq: string | undefined
  isRevealed: boolean
  rules: RuleState[]
  ways: Ways
  onClose(): void
}

/** Somebody edits an event, a pattern and a transform, and sees beside them what they would come to. */
export function TryDialog({ seq, isRevealed, rules, ways, onClose }: Props) {
  const { try: texts, said } = useTexts()
  const [event, setEvent] = useState('')
  const [pattern, setPattern] = useState(JSON.stringify(PATTERN, null, 2))
  const [transform, setTransform] = useState<Transform>()
  const [tried, setTried] = useState<Tried>()
  const [failure, setFailure] = useState('')

  useEffect(() => {
    // what was typed meanwhile stays
    const begin = (text: string) => setEvent((typed) => typed || text)
    const path = `/trace/events/${seq}${isRevealed ? '?reveal=1' : ''}`
    const beginning =
      seq === undefined
        ? getJson<Samples>('/trace/samples').then((samples) => begin(example(busOf(samples))))
        : getJson<EventDetail>(path).then((detail) => begin(detail.event))
    beginning.catch((error: unknown) => setFailure(errorMessage(error)))
  }, [])
  useEffect(() => {
    if (event === '') return setTried(undefined)
    let isOver = false
    const timer = setTimeout(async () => {
      try {
        const asked: TryCommand = { event, pattern, ...(transform && { transform }) }
        const answer = await postJson<Tried>('/trace/try', asked)
        if (isOver) return
        setTried(answer)
        setFailure('')
      } catch (error) {
        if (!isOver) setFailure(errorMessage(error))
      }
    }, PAUSE_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [event, pattern, transform])

  const area = (label: string, value: string, set: (text: string) => void) => (
    <label class="area">
      {label}
      <textarea spellcheck={false} value={value} onInput={({ currentTarget }) => set(currentTarget.value)} />
    </label>
  )
  return (
    <Dialog title={texts.button} onClose={onClose} isWide>
      {ways}
      <p class="muted">{texts.what}</p>
      <div class="try">
        <form class="tried" onSubmit={(submitted) => submitted.preventDefault()}>
          {area(texts.event, event, setEvent)}
          <select
            aria-label={texts.ofRule}
            value=""
            onChange={({ currentTarget: { value } }) => setPattern(rules[Number(value)]?.pattern ?? '')}
          >
            <option value="">{texts.ofRule}</option>
            {rules.map(({ bus, rule }, at) => (
              <option key={`${bus}/${rule}`} value={at}>
                {bus} / {rule}
              </option>
            ))}
          </select>
          {area(texts.pattern, pattern, setPattern)}
          <TransformFields transform={transform} set={setTransform} />
        </form>
        <section aria-label={texts.result}>
          {failure && <p class="error">{said(failure)}</p>}
          {tried && <Result tried={tried} />}
        </section>
      </div>
    </Dialog>
  )
}

function TransformFields({ transform, set }: { transform: Transform | undefined; set(transform?: Transform): void }) {
  const { try: texts } = useTexts()
  return (
    <div class="transform">
      <select
        aria-label={texts.transform}
        value={transform?.form ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const form = FORMS.find((known) => known === value)
          set(form && { ...transform, form })
        }}
      >
        <option value="">{texts.noTransform}</option>
        {FORMS.map((form) => (
          <option key={form}>{form}</option>
        ))}
      </select>
      {transform && transform.form !== 'ORIGINAL' && (
        <input
          aria-label={texts.value[transform.form]}
          placeholder={texts.value[transform.form]}
          spellcheck={false}
          value={transform.value ?? ''}
          onInput={({ currentTarget }) => set({ ...transform, value: currentTarget.value })}
        />
      )}
      {transform?.form === 'TEMPLATE' && (
        <textarea
          aria-label={texts.template}
          placeholder={texts.template}
          spellcheck={false}
          value={transform.template ?? ''}
          onInput={({ currentTarget }) => set({ ...transform, template: currentTarget.value })}
        />
      )}
    </div>
  )
}

function Result({ tried: { fault, refused, pattern, transform, rules } }: { tried: Tried }) {
  const { try: texts, map, said } = useTexts()
  const place = ({ line, column, message }: NonNullable<Tried['fault']>) => `${map.place(line, column)}${said(message)}`
  return (
    <>
      {fault && (
        <p class="error">
          {texts.event}: {place(fault)}
        </p>
      )}
      {refused && (
        <p class="in-part">
          {texts.refused(refused.code)}
          {said(refused.message)}
        </p>
      )}
      {pattern && (
        <>
          <h3>{texts.ofPattern}</h3>
          {'fault' in pattern ? (
            <p class="error">
              {texts.wrong}
              {typeof pattern.fault === 'string' ? said(pattern.fault) : place(pattern.fault)}
            </p>
          ) : (
            <ol class="steps">
              <li class={pattern.why === undefined ? 'delivered' : 'unmatched'}>
                {pattern.why === undefined ? texts.matches : texts.doesNot + said(pattern.why)}
              </li>
            </ol>
          )}
        </>
      )}
      {transform && (
        <>
          <h3>{texts.ofTransform}</h3>
          <Sent tried={transform} />
        </>
      )}
      {!fault && (
        <>
          <h3>{texts.ofRules}</h3>
          <ol class="steps">
            {rules.map((rule) => (
              <Rule key={`${rule.bus}/${rule.rule}`} rule={rule} />
            ))}
            {rules.length === 0 && <li class="unmatched">{texts.noRule}</li>}
          </ol>
        </>
      )}
    </>
  )
}

function Rule({ rule: { bus, rule, why, targets } }: { rule: TriedRule }) {
  const { try: texts, said } = useTexts()
  return (
    <li class={why === undefined ? 'delivered' : 'unmatched'}>
      <span class="muted">{bus} / </span>
      <b>{rule}</b> {why === undefined ? texts.matches : said(why)}
      {targets.map(({ id, type, params }) => (
        <div key={id}>
          → {id} <small>{type}</small>
          {params.length === 0 && <p class="muted">{texts.nothing}</p>}
          {params.map(({ key, ...tried }) => (
            <Sent key={key} label={key} tried={tried} />
          ))}
        </div>
      ))}
    </li>
  )
}

/** The text that a target would get, indented where it is JSON. */
function Sent({ label, tried }: { label?: string; tried: TriedText }) {
  const { try: texts, said } = useTexts()
  if ('why' in tried) return <p class="error">{said(tried.why)}</p>
  if (tried.text === '') return <p class="muted">{[label, texts.empty].filter(Boolean).join(': ')}</p>
  return (
    <>
      {label && <small>{label}</small>}
      <pre class="json">{tried.text}</pre>
    </>
  )
}
