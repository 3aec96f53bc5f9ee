import { expect, test } from 'vitest';
import { drawPicture, readArrows, readPicture, roomOf } from '../draw-architecture.ts';

test('the picture in docs/ARCHITECTURE.md is what the imports say', async () => {
  expect(readPicture(), 'run `npm run draw` and read what changed').toBe(drawPicture(await readArrows()));
});

test('files are shown in their room', () => {
  expect(roomOf('backend/src/ingest/kafka-source.ts')).toBe('backend.ingest');
  expect(roomOf('backend/src/app.ts')).toBe('backend.app');
  expect(roomOf('frontend/src/lib/live/ring.ts')).toBe('frontend.live');
  expect(roomOf('frontend/src/routes/(app)/+page.svelte')).toBe('frontend.routes');
  expect(roomOf('schemas/src/delta.ts')).toBe('schemas');
  expect(roomOf('infra/dev/start.ts')).toBeUndefined();
});
