import { parentPort } from 'node:worker_threads';
import { perform, type Task } from './task';

// The first message says that everything is loaded; after it, each task gets one answer.
parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(perform(task));
});
parentPort?.postMessage('ready');
