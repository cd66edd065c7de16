export { RAD_PER_DEG, wrap180, wrap360 } from 'pointing-monitor/units';
