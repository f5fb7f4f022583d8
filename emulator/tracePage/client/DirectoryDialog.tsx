import { useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { postJson, useFetched } from '../../../shared/page/client/server'
import type { DirectoryChange, DirectoryChanged, DirectoryExcerpt } from '../protocol'
import { Dialog } from './Dialog'
import { useTexts } from './useSettings'

const CHANGES = ['hire', 'rename', 'move', 'dismiss'] as const
type Kind = (typeof CHANGES)[number]

/** Of the callbacks, where some are to be lost. */
const LOST_SHARE = 0.33

const USER_ID = /^[\w.@-]{1,64}$/

const NOBODY: DirectoryExcerpt = {
  people: [],
  departments: [],
  totals: { people: 0, departments: 0 },
  callbacksLost: 0,
}

interface Form {
  kind: Kind
  userid: string
  name: string
  department: string
}

/** Changes the organisation of a loopback DingTalk, which tells of it by callbacks. */
export function DirectoryDialog({ url, onClose }: { url: string; onClose(): void }) {
  const { directory: texts, send, said } = useTexts()
  const [form, setForm] = useState<Form>({ kind: 'hire', userid: '', name: '小明', department: '' })
  const [answer, setAnswer] = useState<DirectoryChanged | string>()
  const [isBusy, setBusy] = useState(false)
  const [changes, setChanges] = useState(0)
  /** who was changed last, at hand for the next change */
  const [last, setLast] = useState('')
  /** as it was switched here; before that the server says */
  const [switched, setSwitched] = useState<boolean>()
  const excerpt = useFetched<DirectoryExcerpt>(`${url}/excerpt`, changes)
  const { people, departments, totals, callbacksLost } = excerpt.value ?? NOBODY
  const { kind, userid, name } = form
  const isNoId = userid !== '' && !USER_ID.test(userid)
  const isLosing = switched ?? callbacksLost > 0
  const department = form.department || (departments[0]?.id ?? '')

  /** What came of the last change is said until the next one begins. */
  function edit(change: Partial<Form>): void {
    setAnswer(undefined)
    setForm({ ...form, ...change })
  }
  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      setAnswer(errorMessage(error))
    } finally {
      setBusy(false)
      setChanges((number) => number + 1)
    }
  }
  const submit = () =>
    run(async () => {
      const changed = await postJson<DirectoryChanged>(`${url}/${kind}`, bodyOf({ ...form, department }))
      setAnswer(changed)
      setLast(kind === 'dismiss' ? '' : changed.userid)
      // the next one who is hired is somebody else
      setForm({ ...form, userid: kind === 'dismiss' || kind === 'hire' ? '' : changed.userid })
    })
  const lose = (isAsked: boolean) => {
    setSwitched(isAsked)
    return run(async () => {
      await postJson(`${url}/settings`, { callbacksLost: isAsked ? LOST_SHARE : 0 })
    })
  }

  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <label>
          {texts.change}
          <select
            value={kind}
            onChange={({ currentTarget }) => {
              const next = currentTarget.value as Kind
              edit({ kind: next, userid: next === 'hire' ? '' : userid || last })
            }}
          >
            {CHANGES.map((one) => (
              <option key={one} value={one}>
                {texts.changes[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.userId}
          <input
            value={userid}
            list="people"
            autocomplete="off"
            placeholder={kind === 'hire' ? texts.newUser : ''}
            required={kind !== 'hire'}
            pattern="[A-Za-z0-9_.@\-]{1,64}"
            aria-invalid={isNoId}
            onInput={({ currentTarget }) => {
              // the browser's own words are in the browser's language
              currentTarget.setCustomValidity('')
              if (!currentTarget.validity.valid) currentTarget.setCustomValidity(send.badUserId)
              edit({ userid: currentTarget.value })
            }}
          />
          <datalist id="people">
            {people.map((one) => (
              <option key={one.userid} value={one.userid}>
                {one.name}
              </option>
            ))}
          </datalist>
        </label>
        {isNoId && <p class="error">{texts.notAName}</p>}
        {kind !== 'hire' && totals.people > people.length && (
          <p class="muted">{texts.suggested(people.length, totals.people)}</p>
        )}
        {(kind === 'hire' || kind === 'rename') && (
          <label>
            {texts.name}
            <input
              value={name}
              maxLength={64}
              required
              onInput={({ currentTarget }) => edit({ name: currentTarget.value })}
            />
          </label>
        )}
        {(kind === 'hire' || kind === 'move') && (
          <label>
            {texts.department}
            <select value={department} onChange={({ currentTarget }) => edit({ department: currentTarget.value })}>
              {departments.map(({ id, name: departmentName }) => (
                <option key={id} value={id}>
                  {departmentName} ({id})
                </option>
              ))}
            </select>
          </label>
        )}
        {(kind === 'hire' || kind === 'move') && totals.departments > departments.length && (
          <p class="muted">{texts.listed(departments.length, totals.departments)}</p>
        )}
        <button type="submit" class="primary" disabled={isBusy}>
          {texts.submit}
        </button>
      </form>
      <div aria-live="polite">
        {typeof answer === 'string' && <p class="error">{said(answer)}</p>}
        {typeof answer === 'object' && <p>{texts.done(answer.userid, answer.events.join(', '))}</p>}
      </div>
      <p class="switch">
        <label>
          <input
            type="checkbox"
            checked={isLosing}
            disabled={isBusy}
            onChange={({ currentTarget }) => void lose(currentTarget.checked)}
          />
          {texts.loseSome}
        </label>
      </p>
      <p class="muted">{isLosing ? texts.lost : texts.what}</p>
    </Dialog>
  )
}

/** What each change says, and nothing of the others' fields. */
function bodyOf({ kind, userid, name, department }: Form): DirectoryChange {
  const who = userid === '' ? {} : { userid }
  if (kind === 'dismiss') return who
  if (kind === 'rename') return { ...who, name }
  const departments = department === '' ? {} : { departments: [department] }
  return kind === 'move' ? { ...who, ...departments } : { ...who, name, ...departments }
}
