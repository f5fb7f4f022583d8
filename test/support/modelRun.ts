/** How long a history is told, and which: MODEL_EVENTS=20000 MODEL_SEED=7 npx jest … for more, or for the same again. */
export function modelRun({ events, seed }: { events: number; seed: number }): { events: number; seed: number } {
  const { MODEL_EVENTS, MODEL_SEED } = process.env
  return { events: Number(MODEL_EVENTS ?? events), seed: Number(MODEL_SEED ?? seed) }
}
