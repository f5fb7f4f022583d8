import { emulators } from '../../support/emulator'

const startEmulator = emulators()

test.each([
  'createEventStreaming',
  'getEventStreaming',
  'updateEventStreaming',
  'deleteEventStreaming',
  'listEventStreamings',
  'listEventStreamingMetrics',
  'startEventStreaming',
  'pauseEventStreaming',
])('%s is refused, and says what there is instead', async (operation) => {
  const emulator = await startEmulator()
  await expect(emulator.call(`v2/${operation}`)).rejects.toMatchObject({
    code: 'OperationNotSupported',
    message: expect.stringContaining('Use a rule'),
  })
})
