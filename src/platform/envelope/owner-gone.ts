/** Whoever the new approval would belong to is registered no longer. */
export class OwnerGone extends Error {
  constructor() {
    super('The owner of the approval is registered no longer');
    this.name = 'OwnerGone';
  }
}
