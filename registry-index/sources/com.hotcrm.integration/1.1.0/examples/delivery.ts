// What a receiver gets when an opportunity changes.
export type Delivery = {
  id: string;
  object: "crm__opportunity";
  change: "created" | "updated";
  at: string; // ISO time
  record: { name: string; stage: string; amount: string };
};

export function summary(delivery: Delivery): string {
  return `${delivery.record.name} is now in ${delivery.record.stage}`;
}
