/** Schemas of numbers that carry their unit in their type. */
import { Type } from 'typebox';
import type { Degrees, MjdUtc } from '../units.js';

export const Mjd = (description?: string) => Type.Unsafe<MjdUtc>(Type.Number(described(description)));
export const Angle = (description?: string) => Type.Unsafe<Degrees>(Type.Number(described(description)));
export const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T, description?: string) =>
  Type.Union([type, Type.Null()], described(description));

const described = (description: string | undefined) => (description === undefined ? {} : { description });
