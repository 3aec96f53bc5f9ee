// The audit log: pages of JSON, and files with the same filters. Cells that a spreadsheet would run are made harmless.

import { Readable } from 'node:stream';
import { AUDIT_PAGE_MAX, AuditPage, AuditQuery, type AuditRow } from '@tidewatch/schemas/api-audit';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiContext } from './api-context.ts';
import { actorOf } from './guard.ts';

/** Rows of one file. Narrow the filters for more. */
export const EXPORT_MAX = 100_000;

const COLUMNS = [
  'id',
  'at',
  'actorKind',
  'actorId',
  'actor',
  'address',
  'action',
  'object',
  'objectId',
  'count',
  'note',
  'before',
  'after',
] as const;

export const audit: FastifyPluginAsyncZod<ApiContext> = async (server, { store }) => {
  const admin = { config: { audience: 'admin' } } as const;

  server.get(
    '/api/audit',
    { ...admin, schema: { querystring: AuditQuery, response: { 200: AuditPage } } },
    async (request) => {
      const rows = await store.audit.list(request.query);
      return { rows, next: rows.length === request.query.limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );

  async function* pages(query: AuditQuery, line: (row: AuditRow) => string, head: string) {
    yield head;
    let before = query.before;
    for (let sent = 0; sent < EXPORT_MAX; ) {
      const rows = await store.audit.list({ ...query, before, limit: AUDIT_PAGE_MAX });
      if (rows.length === 0) return;
      yield rows.map(line).join('');
      sent += rows.length;
      before = rows.at(-1)?.id;
    }
  }

  const files = [
    { kind: 'csv', type: 'text/csv; charset=utf-8', head: `${COLUMNS.join(',')}\n`, line: csvLine },
    { kind: 'jsonl', type: 'application/x-ndjson', head: '', line: jsonLine },
  ] as const;
  for (const { kind, type, head, line } of files) {
    server.get(`/api/audit.${kind}`, { ...admin, schema: { querystring: AuditQuery } }, async (request, reply) => {
      await store.audit.note(actorOf(request), { action: 'export', object: 'audit', note: kind });
      return reply
        .type(type)
        .header('content-disposition', `attachment; filename="tidewatch-audit.${kind}"`)
        .send(Readable.from(pages(request.query, line, head)));
    });
  }
};

function jsonLine(row: AuditRow): string {
  return `${JSON.stringify({ ...row, at: new Date(row.at).toISOString() })}\n`;
}

function csvLine(row: AuditRow): string {
  const cells = COLUMNS.map((column) => {
    const value = column === 'at' ? new Date(row.at).toISOString() : row[column];
    return csvCell(value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
  });
  return `${cells.join(',')}\n`;
}

export function csvCell(text: string): string {
  // A cell that begins like a formula is run by spreadsheets: a quote in front makes it text.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
