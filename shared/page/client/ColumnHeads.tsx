/** The row that names a table's columns. */
export function ColumnHeads({ titles, isHidden = false }: { titles: string[]; isHidden?: boolean }) {
  return (
    <thead class={isHidden ? 'visually-hidden' : undefined}>
      <tr>
        {titles.map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
  )
}
