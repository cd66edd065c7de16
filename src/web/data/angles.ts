export const RAD_PER_DEG = Math.PI / 180;

/** The same direction from 0 up to 360 degrees. */
export const wrap360 = (deg: number): number => ((deg % 360) + 360) % 360;

/** The same direction from -180 up to 180 degrees. */
export const wrap180 = (deg: number): number => wrap360(deg + 180) - 180;
