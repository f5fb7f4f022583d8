import { createUndoSteps } from '../../../shared/undoSteps'

test('the last step first, and a step that fails holds up no other: the first error is thrown at the end', async () => {
  const ran: string[] = []
  const undo = createUndoSteps()
  undo.add(() => ran.push('lock'))
  undo.add(() => Promise.reject(new Error('database')))
  undo.add(async () => ran.push('functions'))
  undo.add(() => {
    throw new Error('env file')
  })
  undo.add(() => ran.push('origin'))
  await expect(undo.run()).rejects.toThrow('env file')
  expect(ran).toEqual(['origin', 'functions', 'lock'])
})

test('what has run is not run again', async () => {
  const ran: string[] = []
  const undo = createUndoSteps()
  undo.add(() => ran.push('once'))
  await undo.run()
  await undo.run()
  expect(ran).toEqual(['once'])
})
