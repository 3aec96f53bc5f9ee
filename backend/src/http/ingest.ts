// For services without a Kafka client: the record that they would emit, plus its topic. What is right goes to the source
// as one record, what is not is named by its place. Needs the right `publish`, within its labels.
import { IngestAnswer, IngestRefusal, type IngestReject } from '@tidewatch/schemas/api-ingest';
import { IngestBody } from '@tidewatch/schemas/record';
import { inScope, type Scope } from '@tidewatch/schemas/scope';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isSample } from '../ingest/check-sample.ts';
import type { Fault } from '../ingest/fault.ts';
import { sampleFault } from '../ingest/read-record.ts';
import { SourceError } from '../ingest/source.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault } from './api-fault.ts';
import { actorOf, callerOf } from './guard.ts';
import { topicForbidden } from './topics.ts';

/** Rejects named in one answer; the rest is counted in the message. */
const REJECTS_NAMED_MAX = 100;

// A single sample is checked by the check that records pass, so that the fault is worded the same here and there.
const Body = z.looseObject({ topic: z.unknown() });

export const ingest: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { clock, store, gatekeeper, produce } = context;

  server.post(
    '/api/ingest',
    {
      config: { audience: 'signed_in' },
      schema: { body: Body, response: { 200: IngestAnswer, 400: IngestRefusal } },
    },
    async (request, reply) => {
      const { topic, samples } = read(request.body);
      const decision = gatekeeper.decide(callerOf(request).principal.id, 'publish', topic);
      if (!decision.allow) {
        store.audit.refused(actorOf(request), 'topic', topic, 'publish');
        throw topicForbidden(context, topic, 'publish to');
      }
      const now = clock.now();
      const good: unknown[] = [];
      const rejected: IngestReject[] = [];
      for (const [index, sample] of samples.entries()) {
        const fault = sampleFault(sample, now) ?? scopeFault(decision.scope, sample);
        if (!fault) good.push(sample);
        else rejected.push({ index, field: fault.field, message: `${fault.field}: ${fault.reason}` });
      }
      if (good.length > 0) await send(topic, good.length === 1 ? good[0] : good);
      const named = rejected.slice(0, REJECTS_NAMED_MAX);
      if (good.length > 0) return { accepted: good.length, rejected: named };
      const message =
        rejected.length === 1 ? (rejected[0]?.message ?? '') : `None of ${samples.length} samples was taken.`;
      const field = rejected[0]?.field;
      return reply
        .code(400)
        .send({ error: { code: 'bad_request', message, ...(field === undefined ? {} : { field }) }, rejected: named });
    },
  );

  async function send(topic: string, record: unknown): Promise<void> {
    try {
      await produce(topic, new TextEncoder().encode(JSON.stringify(record)));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      throw new ApiFault('unavailable', `Kafka did not take it, nothing was stored: ${error.message}`, {
        retryAfter: 2,
      });
    }
  }
};

function read(body: z.infer<typeof Body>): { topic: string; samples: readonly unknown[] } {
  if ('samples' in body) {
    const batch = IngestBody.options[1].safeParse(body);
    if (!batch.success) throw faultOf(batch.error);
    if (batch.data.samples.length === 0)
      throw new ApiFault('bad_request', 'samples: there is none', { field: 'samples' });
    return batch.data;
  }
  const { topic, ...sample } = body;
  const name = IngestBody.options[0].shape.topic.safeParse(topic);
  if (!name.success) throw faultOf(name.error, 'topic');
  return { topic: name.data, samples: [sample] };
}

function faultOf(error: z.ZodError, prefix = ''): ApiFault {
  const [issue] = error.issues;
  const field = [prefix, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  return new ApiFault('bad_request', `${field}: ${issue?.message ?? 'is not valid'}`, { field });
}

function scopeFault(scope: Scope, sample: unknown): Fault | null {
  if (scope === 'all' || !isSample(sample) || inScope(scope, sample.labels ?? {})) return null;
  return { field: 'labels', reason: `your grant lets you publish only series with ${JSON.stringify(scope)}` };
}
