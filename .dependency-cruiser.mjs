// The arrows of docs/ARCHITECTURE.md, enforced. A room may import only what its row names; everything may import
// schemas, and in the backend clock.ts. Only the files at the top of backend/src compose rooms.

const arrows = {
  ingest: ['metrics'],
  metrics: [],
  checks: ['metrics'],
  publish: ['metrics', 'checks'],
  session: ['publish', 'access'],
  socket: ['session', 'access'],
  access: [],
  http: ['access', 'session', 'metrics', 'checks', 'ingest', 'store'],
  store: ['access', 'checks'],
  telemetry: [],
};

const screens = {
  connection: [],
  live: ['connection'],
  view: ['live', 'connection'],
  panels: ['view', 'live'],
};

const backendRules = Object.entries(arrows).map(([room, allowed]) => ({
  name: `${room}-imports`,
  severity: 'error',
  comment: `${room} may import ${allowed.join(', ') || 'no other room'}, schemas and clock.ts`,
  from: { path: `^backend/src/${room}/` },
  to: { path: '^(backend|infra)/', pathNot: `^backend/src/(clock\\.ts$|(${[room, ...allowed].join('|')})/)` },
}));

const frontendRules = Object.entries(screens).map(([room, allowed]) => ({
  name: `${room}-imports`,
  severity: 'error',
  comment: `${room} may import ${allowed.join(', ') || 'no other room'} and schemas`,
  from: { path: `^frontend/src/lib/${room}/` },
  to: { path: '^frontend/src/', pathNot: `^frontend/src/lib/(${[room, ...allowed, 'ui'].join('|')})/` },
}));

const forbid = (name, from, to, comment) => ({ name, severity: 'error', from, to, ...(comment ? { comment } : {}) });

export default {
  forbidden: [
    ...backendRules,
    ...frontendRules,
    forbid('no-cycles', {}, { circular: true }),
    forbid('resolvable', {}, { couldNotResolve: true, pathNot: '^(\\./\\$types|\\$app/|\\$service-worker)' }),
    forbid('schemas-is-leaf', { path: '^schemas/' }, { path: '^(backend|frontend|infra)/' }),
    forbid(
      'schemas-only-zod',
      { path: '^schemas/src/' },
      { dependencyTypesNot: ['local', 'undetermined'], pathNot: '(^|/)node_modules/zod/|^schemas/src/' },
    ),
    forbid('frontend-not-backend', { path: '^frontend/' }, { path: '^(backend|infra)/', pathNot: '^infra/dev/' }),
    forbid('backend-not-frontend', { path: '^backend/' }, { path: '^frontend/' }),
    forbid('src-not-test', { path: '/src/' }, { path: '^(backend|frontend|schemas)/(test|bench)/' }),
    forbid('rooms-not-top', { path: '^backend/src/[^/]+/' }, { path: '^backend/src/(main|app|http-server)\\.ts$' }),
    forbid(
      'kafkajs-only-in-kafka-files',
      { path: '^(backend/src|schemas|frontend)/', pathNot: '^backend/src/ingest/kafka-[^/]+\\.ts$' },
      { path: 'node_modules/kafkajs' },
    ),
    forbid(
      'ws-only-in-socket',
      { path: '^(backend/src|schemas|frontend)/', pathNot: '^backend/src/socket/' },
      { path: 'node_modules/(@types/)?ws/' },
    ),
    forbid(
      'ui-is-the-floor',
      { path: '^frontend/src/lib/ui/' },
      { path: '^frontend/src/(routes|lib/(connection|live|view|panels|dashboards|admin|auth))/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    exclude: { path: '(\\.svelte-kit|frontend/build/|node_modules/\\$app)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'types', 'default'],
      extensions: ['.ts', '.svelte', '.js', '.svelte.ts', '.json'],
    },
  },
};
