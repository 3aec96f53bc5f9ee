// The process: settings in, gateway up, signals down. `node backend/src/main.ts` runs it on the environment; the
// launcher behind `npm start` calls runGateway with a database and a simulated shop of its own.
import pino from 'pino';
import { type App, createApp } from './app.ts';
import { systemClock } from './clock.ts';
import { ConfigError, readConfig } from './config.ts';

/** How long a stop may take before the process ends anyway, ms. */
const STOP_MAX_MS = 10_000;

export interface GatewayOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called once the gateway is up; what it returns is stopped before the gateway is. */
  readonly onUp?: (app: App) => Promise<{ stop(): Promise<void> | void }>;
  /** Called last, after the gateway has stopped. */
  readonly onDown?: () => Promise<void>;
}

/** Runs until a signal. Ends the process: 0 after a clean stop, 1 where the start failed. */
export async function runGateway({ env, onUp, onDown }: GatewayOptions): Promise<void> {
  let app: App | undefined;
  let beside: { stop(): Promise<void> | void } | undefined;
  let isStopping = false;

  const stop = async (code: number) => {
    // A terminal's Ctrl-C arrives twice under npm: once from the terminal, once forwarded.
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(code || 1), STOP_MAX_MS).unref();
    try {
      await beside?.stop();
      await app?.stop();
      await onDown?.();
    } catch (error) {
      process.stderr.write(`stopping failed: ${String(error)}\n`);
      process.exit(code || 1);
    }
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

  try {
    const config = readConfig(env);
    const log = pino({ level: config.LOG_LEVEL, base: null }, pino.destination({ fd: 2, sync: true }));
    app = await createApp({ config, clock: systemClock, log });
    await app.start();
    process.stdout.write(app.greeting());
    beside = await onUp?.(app);
  } catch (error) {
    const text =
      error instanceof ConfigError ? `These settings do not work:\n${error.message}\n` : `${describe(error)}\n`;
    process.stderr.write(text);
    await stop(1);
  }
}

/** The message and its causes, a line each; the stack only where there is nothing better. */
function describe(error: unknown): string {
  const lines: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    lines.push(at.message === '' ? String(at.stack) : at.message);
  return lines.length === 0 ? String(error) : lines.join('\n  because: ');
}

if (import.meta.main) await runGateway({ env: process.env });
