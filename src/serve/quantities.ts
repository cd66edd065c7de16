/** Schemas of numbers that carry their unit in their type. */
import { type TSchema, Type } from 'typebox';
import type { Column } from '../sky/table/column.js';
import type { Degrees, MjdUtc } from '../units.js';

export const Mjd = (description?: string) => Type.Unsafe<MjdUtc>(Type.Number(described(description)));
export const Angle = (description?: string) => Type.Unsafe<Degrees>(Type.Number(described(description)));
export const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T, description?: string) =>
  Type.Union([type, Type.Null()], described(description));

const described = (description: string | undefined) => (description === undefined ? {} : { description });

/** What a row of these columns is in JSON. */
export const rowSchema = <Row>(columns: readonly Column<Row>[]) =>
  Type.Object(
    Object.fromEntries(
      columns.map(({ name, type, unit, description }): [string, TSchema] => [
        name,
        orNull(
          type === 'text' ? Type.String() : Type.Number(),
          unit === undefined ? description : `${description}, ${unit}`,
        ),
      ]),
    ),
  );
