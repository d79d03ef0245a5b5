import type { Rectangle } from '../pages/page-area';
import type { Placement } from '../pages/placement';
import type { PdfDocument } from '../reader/document';
import type { PdfReference } from '../reader/values';
import type { Signer } from '../signable';
import { formatTime, writeAppearance } from './appearance';
import type { IncrementalUpdate } from './incremental-update';
import { amend, type Source, writeDate, writeDictionary, writeNumber, writeReference, writeText } from './syntax';

/** Annotation flags, ISO 32000-2, table 167: Print and Locked; a stamp is ReadOnly and LockedContents as well. */
const fieldFlags = 4 | 128;
const stampFlags = fieldFlags | 64 | 512;

/** The boxes of one signature. */
export class Boxes {
  private readonly appearances = new Map<number, PdfReference>();
  private readonly byPage = new Map<number, { page: PdfReference; annotations: PdfReference[] }>();

  constructor(
    private readonly update: IncrementalUpdate,
    private readonly signer: Signer,
    private readonly signedAt: Date,
  ) {}

  /** The signature field itself, merged with its only box: validators take a field with several for unsigned. */
  addField(placement: Placement, name: string, signature: PdfReference): PdfReference {
    return this.add(placement, {
      Subtype: '/Widget',
      FT: '/Sig',
      T: writeText(name),
      V: writeReference(signature),
      F: String(fieldFlags),
    });
  }

  /** A box that only shows the signature again. */
  addStamp(placement: Placement): PdfReference {
    return this.add(placement, {
      Subtype: '/Stamp',
      Contents: writeText(`Digitally signed by ${this.signer.name}, ${formatTime(this.signedAt)}`),
      M: writeDate(this.signedAt),
      F: String(stampFlags),
    });
  }

  /** Puts all boxes on their pages. */
  attach(document: PdfDocument): void {
    for (const { page, annotations } of this.byPage.values()) {
      const dictionary = document.dictionary(page);
      const list = dictionary && this.update.appendTo(dictionary, 'Annots', annotations);
      if (dictionary && list !== undefined) this.update.replace(page, amend(dictionary, { Annots: list }));
    }
  }

  private add({ page, rectangle, rotation }: Placement, entries: Readonly<Record<string, Source>>): PdfReference {
    const annotation = this.update.add(
      writeDictionary({
        Type: '/Annot',
        ...entries,
        P: writeReference(page),
        Rect: writeRectangle(rectangle),
        AP: writeDictionary({ N: writeReference(this.appearance(rotation)) }),
      }),
    );
    const known = this.byPage.get(page.number);
    if (known === undefined) this.byPage.set(page.number, { page, annotations: [annotation] });
    else known.annotations.push(annotation);
    return annotation;
  }

  private appearance(rotation: Placement['rotation']): PdfReference {
    const known = this.appearances.get(rotation);
    if (known !== undefined) return known;
    const made = this.update.add(writeAppearance(this.signer, this.signedAt, rotation));
    this.appearances.set(rotation, made);
    return made;
  }
}

function writeRectangle({ left, bottom, right, top }: Rectangle): Source {
  return `[${[left, bottom, right, top].map(writeNumber).join(' ')}]`;
}
