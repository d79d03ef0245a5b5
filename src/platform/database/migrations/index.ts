import { GroundFloor1763700000000 } from './1763700000000-ground-floor';
import { Otp1763700000001 } from './1763700000001-otp';

/** In the order they are carried out. */
export const migrations = [GroundFloor1763700000000, Otp1763700000001];
