import { useState } from 'preact/hooks'
import { ReaderButtons } from '../../../shared/page/client/ReaderButtons'
import { useFetched, useLive } from '../../../shared/page/client/server'
import { useReader } from '../../../shared/page/client/useReader'
import type { Figures } from '../protocol'
import { ApprovalTimes } from './ApprovalTimes'
import { chinese } from './chinese'
import { DepartmentTree } from './DepartmentTree'
import { english } from './english'
import { HeadcountChart } from './HeadcountChart'
import { TextsContext, useTexts } from './useTexts'

/** A count of everybody is no small question. */
const ASK_AT_MOST_EVERY_MS = 2_000

/** The organisation in numbers: from the views of examples/, and again when an event may have changed them. */
export function App() {
  const reader = useReader({ en: english.title, zh: chinese.title })
  const texts = reader.language === 'zh' ? chinese : english
  const [corporation, setCorporation] = useState('')
  const { tick } = useLive()
  const query = corporation === '' ? '' : `?corporation=${encodeURIComponent(corporation)}`
  const { value, failure } = useFetched<Figures>(`/organisation/figures${query}`, tick, ASK_AT_MOST_EVERY_MS)
  const corporations = value?.corporations ?? []
  return (
    <TextsContext.Provider value={texts}>
      <header class="top">
        <h1>{texts.title}</h1>
        <a href="/">{texts.trace}</a>
        <span class="spring" />
        {corporations.length > 1 && (
          <label>
            {texts.corporation}{' '}
            <select value={value?.corpId} onChange={({ currentTarget }) => setCorporation(currentTarget.value)}>
              {corporations.map(({ corpId }) => (
                <option key={corpId} value={corpId}>
                  {corpId || texts.noCorporation}
                </option>
              ))}
            </select>
          </label>
        )}
        <ReaderButtons reader={reader} />
      </header>
      {failure && (
        <p class="error said" role="alert">
          {texts.said(failure)}
        </p>
      )}
      {value === undefined && !failure && (
        <p class="muted said" role="status">
          {texts.loading}
        </p>
      )}
      {value && <Sections figures={value} />}
    </TextsContext.Provider>
  )
}

function Sections({ figures }: { figures: Figures }) {
  const { days, departments, approvals, missing } = figures
  return (
    <main>
      {missing.people ? <MissingPeople code={missing.people} /> : days.length === 0 ? <Nobody /> : null}
      {days.length > 0 && (
        <>
          <HeadcountChart days={days} />
          <DepartmentTree departments={departments} />
        </>
      )}
      <ApprovalTimes approvals={approvals} isMissing={missing.approvals !== undefined} />
    </main>
  )
}

function MissingPeople({ code }: { code: string }) {
  const texts = useTexts()
  return (
    <section class="card">
      <p>
        {texts.missing.people} <code>{code}</code>
      </p>
    </section>
  )
}

function Nobody() {
  const { nobody } = useTexts()
  return (
    <section class="card">
      <h2>{nobody.title}</h2>
      <p>{nobody.how}</p>
      <pre>{'npm start -- --dingtalk 200\nnpm run reconcile'}</pre>
    </section>
  )
}
