// A client of user-service: signs in, renews its tokens by itself, reads lists page by page.
// It needs nothing but `fetch`: browsers, and Node 20 or later.

const TIMEOUT = 10_000; // milliseconds

export interface Tokens {
  access: string;
  refresh: string;
}

export interface Meta {
  total: number;
  limit: number;
  page: number;
  total_pages: number;
  has_next: boolean;
  has_previous: boolean;
}

export interface Answer<T> {
  success: true;
  message: string;
  data: T;
  meta: Meta;
}

interface Failure {
  error: string;
  code: string;
  request_id: string;
  data: unknown;
}

/** A refusal: decide by `status` and `code`, wait for `retryAfter` seconds if it is there. */
export class ApiError extends Error {
  readonly code: string;
  readonly fields: unknown;

  constructor(readonly status: number, body: Failure, readonly retryAfter: number | null) {
    super(`${status} ${body.code}: ${body.error} (request ${body.request_id})`);
    this.code = body.code;
    this.fields = body.data;
  }
}

/** A user who is signed in. */
export class Session {
  refreshes = 0;
  private renewal: Promise<void> | null = null;

  private constructor(readonly url: string, public tokens: Tokens) {}

  /** Makes an account. */
  static async register(url: string, name: string, email: string, password: string): Promise<Session> {
    const body = { name, email, password, preferences: {} };
    const answer = await send<Answer<{ tokens: Tokens }>>(url, "POST", "/users/register", body);
    return new Session(url, answer.data.tokens);
  }

  /** Signs in to one that is there. */
  static async login(url: string, email: string, password: string): Promise<Session> {
    const answer = await send<Answer<{ tokens: Tokens }>>(url, "POST", "/users/login", { email, password });
    return new Session(url, answer.data.tokens);
  }

  /** Sends a request. */
  async request<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const { access } = this.tokens;
    try {
      return await send(this.url, method, path, body, access);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
    }
    await this.renew(access);
    return send(this.url, method, path, body, this.tokens.access);
  }

  /** All objects of a list, page by page. */
  async *list<T>(path: string, limit = 100): AsyncGenerator<T> {
    for (let page = 1, hasNext = true; hasNext; page++) {
      const answer = await this.request<T[]>("GET", `${path}?page=${page}&limit=${limit}`);
      yield* answer.data;
      hasNext = answer.meta.has_next;
    }
  }

  /** Ends the session, with both tokens. */
  async logout(): Promise<void> {
    await this.request("POST", "/users/logout");
  }

  /** Gets the next pair of tokens once for all who ask meanwhile, unless `used` is an old one already. */
  private renew(used: string): Promise<void> {
    if (this.tokens.access !== used) return Promise.resolve();
    this.renewal ??= this.refresh().finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async refresh(): Promise<void> {
    const { refresh } = this.tokens;
    const pair = await send<Tokens>(this.url, "POST", "/users/token/refresh", { refresh });
    // Where tokens are kept for the next start, the refresh token is stored here, first.
    this.tokens = { access: pair.access, refresh: pair.refresh };
    this.refreshes++;
  }
}

async function send<T>(url: string, method: string, path: string, body?: object, access?: string): Promise<T> {
  const headers = new Headers({ "content-type": "application/json" });
  if (access) headers.set("authorization", `Bearer ${access}`);
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers,
    body: body ? JSON.stringify(body) : null,
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (answer.ok) return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
  const retryAfter = answer.headers.get("retry-after");
  throw new ApiError(answer.status, (await answer.json()) as Failure, retryAfter ? Number(retryAfter) : null);
}
