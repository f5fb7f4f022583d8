import { ColumnHeads } from '../../../shared/page/client/ColumnHeads'
import { count } from '../../../shared/page/client/count'
import type { ApprovalTime } from '../protocol'
import type { Texts } from './english'
import { useTexts } from './useTexts'

/** Of each kind the median, as the dark bar, and what 90 of 100 took at most, as the light one. */
export function ApprovalTimes({ approvals, isMissing }: { approvals: readonly ApprovalTime[]; isMissing: boolean }) {
  const { approvals: texts, missing, units } = useTexts()
  const slowest = Math.max(1, ...approvals.map(({ p90Minutes }) => p90Minutes))
  return (
    <section class="card" aria-label={texts.title}>
      <header>
        <h2>{texts.title}</h2>
      </header>
      {isMissing && (
        <>
          <p>{missing.approvals}</p>
          <pre>cat examples/approvals.mapping.yaml &gt;&gt; mapping.yaml</pre>
        </>
      )}
      {!isMissing && approvals.length === 0 && <p class="muted">{texts.none}</p>}
      {approvals.length > 0 && (
        <div class="scrolled">
          <table class="approvals">
            <ColumnHeads titles={[texts.kind, texts.decided, texts.refused, texts.median, texts.p90, '']} />
            <tbody>
              {approvals.map((one) => (
                <tr key={one.processCode}>
                  <td title={one.processCode}>
                    {one.category || shortCode(one.processCode)}{' '}
                    {one.category && <small>{shortCode(one.processCode)}</small>}
                  </td>
                  <td>{count(one.decided)}</td>
                  <td>{Math.round((100 * one.refused) / one.decided)} %</td>
                  <td>{minutesInWords(one.medianMinutes, units)}</td>
                  <td>{minutesInWords(one.p90Minutes, units)}</td>
                  <td>
                    <svg width={72} height={14} aria-hidden>
                      <rect class="p90" x={0} y={2} width={(one.p90Minutes / slowest) * 72} height={10} rx={2} />
                      <rect class="median" x={0} y={2} width={(one.medianMinutes / slowest) * 72} height={10} rx={2} />
                    </svg>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** `PROC-6B1E…1F01`: it is long, and the whole of it is in the title. */
function shortCode(code: string): string {
  return code.length > 16 ? `${code.slice(0, 9)}…${code.slice(-4)}` : code
}

/** `45 min`, `3.5 h`, `2.1 d` */
function minutesInWords(minutes: number, units: Texts['units']): string {
  if (minutes < 60) return `${Math.round(minutes)} ${units.min}`
  if (minutes < 48 * 60) return `${(minutes / 60).toFixed(1)} ${units.h}`
  return `${(minutes / 1440).toFixed(1)} ${units.d}`
}
