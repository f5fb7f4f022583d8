import { useState } from 'preact/hooks'
import { count } from '../../../shared/page/client/count'
import type { DepartmentCount } from '../protocol'
import { type Branch, treeOf } from './tree'
import { useTexts } from './useTexts'

/** So many departments of a level are drawn at once; more would make the page slow. */
const DRAWN = 200

/** The departments, each with how many it has; what lies below one is drawn when it is opened. */
export function DepartmentTree({ departments }: { departments: readonly DepartmentCount[] }) {
  const { departments: texts } = useTexts()
  const [isAllOpen, setAllOpen] = useState(false)
  const roots = treeOf(departments)
  const most = Math.max(1, ...roots.map(({ headcount }) => headcount))
  return (
    <section class="card" aria-label={texts.title}>
      <header>
        <h2>{texts.title}</h2>
        <small>{texts.hint}</small>
        <span class="spring" />
        {departments.length > roots.length && departments.length <= DRAWN && (
          <button type="button" onClick={() => setAllOpen(!isAllOpen)}>
            {isAllOpen ? texts.closeAll : texts.openAll}
          </button>
        )}
      </header>
      {roots.length === 0 && <p class="muted">{texts.none}</p>}
      <div class="tree">
        <Level
          key={String(isAllOpen)}
          branches={roots}
          most={most}
          isOpen={isAllOpen || roots.length < 4}
          isAllOpen={isAllOpen}
        />
      </div>
    </section>
  )
}

interface LevelProps {
  branches: readonly Branch[]
  most: number
  isOpen: boolean
  isAllOpen: boolean
}

function Level({ branches, most, isOpen, isAllOpen }: LevelProps) {
  const [drawn, setDrawn] = useState(DRAWN)
  return (
    <ul>
      {branches.slice(0, drawn).map((branch) => (
        <li key={branch.id}>
          <Department branch={branch} most={most} isOpen={isOpen} isAllOpen={isAllOpen} />
        </li>
      ))}
      {branches.length > drawn && (
        <li>
          <button type="button" class="quiet" onClick={() => setDrawn(drawn + DRAWN)}>
            + {count(branches.length - drawn)}
          </button>
        </li>
      )}
    </ul>
  )
}

function Department({
  branch,
  most,
  isOpen: isOpenFirst,
  isAllOpen,
}: Omit<LevelProps, 'branches'> & { branch: Branch }) {
  const [isOpen, setOpen] = useState(isOpenFirst)
  if (branch.children.length === 0) {
    return (
      <div class="leaf">
        <Bar branch={branch} most={most} />
      </div>
    )
  }
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <Bar branch={branch} most={most} />
      </summary>
      {isOpen && <Level branches={branch.children} most={most} isOpen={isAllOpen} isAllOpen={isAllOpen} />}
    </details>
  )
}

function Bar({ branch: { id, name, headcount, directly, children }, most }: { branch: Branch; most: number }) {
  const { departments: texts } = useTexts()
  const label = name ?? texts.unknown(id)
  return (
    <span class="department" title={`${label} (${id})`}>
      <span class="name">{label}</span>
      <meter min={0} max={most} value={headcount} aria-hidden />
      <span class="number">{count(headcount)}</span>
      <small class="number">{children.length > 0 && directly > 0 ? texts.directly(count(directly)) : ''}</small>
    </span>
  )
}
