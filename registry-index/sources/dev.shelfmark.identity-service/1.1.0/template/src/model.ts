export type Caller = { kind: "person" | "service"; id: string; team?: string };

export type Session = {
  id: string;
  caller: Caller;
  openedAt: Date;
  rotatedAt: Date;
  endsAt: Date;
};
