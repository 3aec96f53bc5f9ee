// What goes wrong in every real fleet, so that it can be seen here: an emitter that falls silent, one that sends what does
// not decode, and an experiment whose series end.

const SILENT_EVERY_S = 420;
const SILENT_FOR_S = 75;
const BAD_EVERY_S = 23;
const EXPERIMENT_S = 1200;

const badRecords = [
  '{"metric":"battery_ratio","value":"93%"}',
  'latency_seconds 0.12 os=ios',
  '{"value":3,"unit":"s"}',
  '{"samples":[{"metric":"requests_in_flight","value":41},{"metric":"requests_in_flight","value":[42]}]}',
  '{"metric":"battery_ratio","value":0.93,"time":"yesterday"}',
];

/** The emitter of logistics.tracking that loses its line for a while. */
export function isSilent(emitter: string, s: number): boolean {
  return emitter === 'gps-south' && s % SILENT_EVERY_S < SILENT_FOR_S;
}

/** The text of a record that does not decode, when one is due. */
export function badRecord(emitter: string, s: number): string | null {
  if (emitter !== 'mobile-gateway' || s % BAD_EVERY_S !== 0) return null;
  return badRecords[Math.floor(s / BAD_EVERY_S) % badRecords.length] ?? null;
}

/** Samples of a fraud model that is tried out for 20 minutes and then says that it is over. */
export function experiment(emitter: string, s: number, value: number): object[] {
  if (emitter !== 'fraud-scorer') return [];
  const series = { metric: 'experiment_precision', labels: { model: `try-${Math.floor(s / EXPERIMENT_S) % 100}` } };
  if (s % EXPERIMENT_S === EXPERIMENT_S - 1) return [{ ...series, ended: true }];
  return [{ ...series, value, unit: '1', description: 'Precision of a model on trial' }];
}
