import { ColumnHeads } from '../../../shared/page/client/ColumnHeads'
import type { Fetched } from '../../../shared/page/client/server'
import type { TableRow, TableRows } from '../protocol'
import { asText, clockTime, exactTime } from './format'
import { useTexts } from './useSettings'

/** The rows about whom an event names, a table after the other, with the columns that it has set. */
export function RowPane({ fetched }: { fetched: Fetched<TableRows[]> }) {
  const { detail, said } = useTexts()
  const { value: found, failure } = fetched
  return (
    <section aria-label={detail.row}>
      {!found?.length && <h3>{detail.row}</h3>}
      {failure && <p class="error">{said(failure)}</p>}
      {found?.length === 0 && <p class="muted">{detail.nobody}</p>}
      {found?.map((one) => (
        <OneTable key={one.table} found={one} />
      ))}
    </section>
  )
}

function OneTable({ found: { table, rows, deadLetter } }: { found: TableRows }) {
  const { detail, said } = useTexts()
  return (
    <>
      <h3>
        {detail.row} <small>{table}</small>
      </h3>
      {deadLetter && (
        <>
          <p class="error">{detail.neverStored(said(deadLetter))}</p>
          <p>
            {detail.onceMended} <code>npm run replay -- --dead-letters</code>
          </p>
        </>
      )}
      {rows.length === 0 && <p class="muted">{detail.noRow(table)}</p>}
      {rows.map((row, index) => (
        <Row key={index} row={row} />
      ))}
    </>
  )
}

function Row({ row: { columns } }: { row: TableRow }) {
  const { detail } = useTexts()
  const hasSet = columns.some(({ setByThis }) => setByThis)
  return (
    <>
      <p class="legend muted">
        {hasSet ? (
          <>
            <span class="mark">●</span> {detail.legend}
          </>
        ) : (
          detail.overtaken
        )}
      </p>
      <table class="columns">
        <ColumnHeads titles={[detail.column, detail.value, detail.set]} />
        <tbody>
          {columns.map(({ name, value, setAt, setByThis }) => (
            <tr key={name} class={setByThis ? 'changed' : ''}>
              <th scope="row">
                {setByThis && (
                  <span class="mark" title={detail.byThis}>
                    ●
                  </span>
                )}
                {name}
              </th>
              <td class={value === null ? 'muted' : ''}>{asText(value ?? undefined)}</td>
              <td class="muted" title={setAt === undefined ? '' : exactTime(setAt)}>
                {setAt === undefined ? '' : clockTime(setAt, Date.now())}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
