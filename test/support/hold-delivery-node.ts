/** Run as a process of its own: a node of the outbox that goes on until it is killed. */
import 'reflect-metadata';
import { type DeliveryNodeOptions, openDeliveryNode } from './delivery-node';

void openDeliveryNode(JSON.parse(process.argv[2]!) as DeliveryNodeOptions).then(() => {
  process.stdout.write('ready\n');
});
