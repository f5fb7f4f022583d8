import { useState } from 'preact/hooks'
import type { DirectoryChange, DirectoryChanged, DirectoryExcerpt } from '../protocol'
import { Dialog } from './Dialog'
import { postJson, useFetched } from './server'
import { useTexts } from './useSettings'

const CHANGES = ['hire', 'rename', 'move', 'dismiss'] as const
type Kind = (typeof CHANGES)[number]

/** Of the callbacks, where some are to be lost. */
const LOST_SHARE = 0.33

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
  /** as it was switched here; before that the server says */
  const [switched, setSwitched] = useState<boolean>()
  const excerpt = useFetched<DirectoryExcerpt>(`${url}/excerpt`, changes)
  const { people, departments, callbacksLost } = excerpt.value ?? { people: [], departments: [], callbacksLost: 0 }
  const { kind, userid, name } = form
  const isLosing = switched ?? callbacksLost > 0
  const department = form.department || (departments[0]?.id ?? '')

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      setAnswer(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
      setChanges((number) => number + 1)
    }
  }
  const submit = () =>
    run(async () => {
      const changed = await postJson<DirectoryChanged>(`${url}/${kind}`, bodyOf({ ...form, department }))
      setAnswer(changed)
      // whoever was hired is at hand for the next change
      setForm({ ...form, userid: kind === 'dismiss' ? '' : changed.userid, kind: kind === 'hire' ? 'rename' : kind })
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
            onChange={({ currentTarget }) => setForm({ ...form, kind: currentTarget.value as Kind })}
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
            onInput={({ currentTarget }) => {
              // the browser's own words are in the browser's language
              currentTarget.setCustomValidity('')
              if (!currentTarget.validity.valid) currentTarget.setCustomValidity(send.badUserId)
              setForm({ ...form, userid: currentTarget.value })
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
        {(kind === 'hire' || kind === 'rename') && (
          <label>
            {texts.name}
            <input
              value={name}
              maxLength={64}
              required
              onInput={({ currentTarget }) => setForm({ ...form, name: currentTarget.value })}
            />
          </label>
        )}
        {(kind === 'hire' || kind === 'move') && (
          <label>
            {texts.department}
            <select
              value={department}
              onChange={({ currentTarget }) => setForm({ ...form, department: currentTarget.value })}
            >
              {departments.map(({ id, name: departmentName }) => (
                <option key={id} value={id}>
                  {departmentName} ({id})
                </option>
              ))}
            </select>
          </label>
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
