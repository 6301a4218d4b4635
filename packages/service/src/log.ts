import { scrub } from '@cordon/pan-scrubber';
import { pino, type DestinationStream } from 'pino';

/**
 * The only members that reach a log line. A list of what may be logged, not of what must be hidden: a new
 * member of an object stays out until somebody adds it here and thinks about whom it describes.
 */
export interface LogFields {
  requestId?: string | undefined;
  method?: string | undefined;
  /** The route's pattern (`/v1/patients/:patientId`), never the URL. */
  route?: string | undefined;
  status?: number | undefined;
  durationMs?: number | undefined;
  code?: string | undefined;
  detail?: string | undefined;
  tenantId?: string | undefined;
  clinicId?: string | undefined;
  role?: string | undefined;
  action?: string | undefined;
  dataClass?: string | undefined;
  securityEvent?: string | undefined;
  resourceId?: string | undefined;
  count?: number | undefined;
  port?: number | undefined;
  store?: string | undefined;
  component?: string | undefined;
  signal?: string | undefined;
  err?: unknown;
}

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const allowed = new Set<string>([
  'requestId', 'method', 'route', 'status', 'durationMs', 'code', 'detail', 'tenantId', 'clinicId', 'role',
  'action', 'dataClass', 'securityEvent', 'resourceId', 'count', 'port', 'store', 'component', 'signal',
] satisfies (keyof LogFields)[]); // prettier-ignore

/** Long enough for a stack, short enough that no document fits in a line. */
const longestValue = 2000;

/** Ids that were checked where they came in: one in ten runs of digits passes for a card number by chance. */
const ids = new Set<string>([
  'requestId',
  'tenantId',
  'clinicId',
  'resourceId',
] satisfies (keyof LogFields)[]);

/** The number goes before the text is cut: a cut one would no longer be seen. */
const cleanText = (text: string): string =>
  scrub(text.slice(0, 4 * longestValue)).value.slice(0, longestValue);

function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  // The message is left out on purpose: database and parser messages quote the input they refused.
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in error && typeof error.code === 'string' ? cleanText(error.code) : undefined;
  const detail = 'detail' in error && 'publicMessage' in error ? error.detail : undefined;
  return {
    type: error.name,
    code,
    detail: typeof detail === 'string' ? cleanText(detail) : undefined,
    stack: cleanText(frames.slice(0, 12).join('\n')),
    cause: error.cause !== undefined && depth < 3 ? describeError(error.cause, depth + 1) : undefined,
  };
}

function pick(fields: object): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'err') line['err'] = describeError(value);
    else if (!allowed.has(name)) continue;
    else if (typeof value === 'string')
      line[name] = ids.has(name) ? value.slice(0, longestValue) : cleanText(value);
    else if (typeof value === 'number' || typeof value === 'boolean') line[name] = value;
  }
  return line;
}

/** Structured JSON lines on standard output, each member taken from the allow-list above. */
export function createLogger(options: {
  app: string;
  level?: string | undefined;
  destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { app: options.app },
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'event',
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = options.destination ? pino(settings, options.destination) : pino(settings);
  return {
    debug: (event, fields = {}) => { logger.debug(pick(fields), cleanText(event)); },
    info: (event, fields = {}) => { logger.info(pick(fields), cleanText(event)); },
    warn: (event, fields = {}) => { logger.warn(pick(fields), cleanText(event)); },
    error: (event, fields = {}) => { logger.error(pick(fields), cleanText(event)); },
  }; // prettier-ignore
}
