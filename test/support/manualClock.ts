// biome-ignore lint/performance/noBarrelFile: it is the product's own, which tests of all rooms turn
export { type ManualClock, manualClock } from '../../emulator/standalone/manualClock'
