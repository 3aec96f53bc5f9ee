// SQL for a time as the rest of Tidewatch has it: milliseconds since 1970, a number.

export const epochMs = (column: string): string => `round(extract(epoch from ${column}) * 1000)::float8`;

export const fromEpochMs = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
