/** History, or what was signed of it, is not as it was. The message names the first row that shows it. */
export class HistoryFault extends Error {}
