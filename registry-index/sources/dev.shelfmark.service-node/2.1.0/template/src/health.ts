let ready = false;

/** What the platform may ask about this process. */
export const health = {
  live: () => ({ status: "ok", uptime: Math.round(process.uptime()) }),
  isReady: () => ready,
  ready: (value: boolean) => { ready = value; },
};
