/** What one connection, and all of them together, may take of a process. */
export const CONNECTION_LIMITS = {
  /** Of a request's body. */
  bodyBytes: 256 * 1024,
  /** Open at once; more are closed as they come. */
  connections: 10_000,
  /** Web sockets among them. */
  webSockets: 3_000,
  /** Of one message by web socket. */
  messageBytes: 64 * 1024,
  /** Of one web socket: a minute's worth at once. */
  messagesPerMinute: 600,
  /** For a web socket to say who it is. */
  initSeconds: 5,
  /** Subscriptions of this process, over either transport, and of one account among them. */
  subscriptions: 2_000,
  subscriptionsPerAccount: 50,
} as const;
