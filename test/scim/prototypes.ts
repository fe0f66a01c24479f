const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype];

/** Everything that the prototypes hold, with the functions themselves. */
export const prototypesNow = () =>
  PROTOTYPES.map((prototype) =>
    Reflect.ownKeys(prototype).map((key) => [
      key,
      Reflect.getOwnPropertyDescriptor(prototype, key),
    ]),
  );

export const PROTOTYPES_BEFORE = prototypesNow();

/** Whether the prototypes have the names that they had at first; cheap enough for every run of a property. */
export const isUntouched = () =>
  PROTOTYPES.every((prototype, index) => {
    const before = PROTOTYPES_BEFORE[index] ?? [];
    const keys = Reflect.ownKeys(prototype);
    return keys.length === before.length && keys.every((key, at) => key === before[at]?.[0]);
  });
