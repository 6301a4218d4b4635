import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import { Loading } from '../parts/states.tsx';
import { openPdf } from './open-pdf.ts';

type Opened = PDFDocumentProxy | 'opening' | 'broken';

/** Wide enough to compare small print with a field. */
const PIXELS_ACROSS = 1_400;

function usePdf(file: File): Opened {
  const [opened, setOpened] = useState<Opened>('opening');
  useEffect(() => {
    let close = (): void => undefined;
    let gone = false;
    openPdf(file)
      .then(async (task) => {
        close = () => void task.destroy();
        if (gone) close();
        else setOpened(await task.promise);
      })
      .catch(() => {
        if (!gone) setOpened('broken');
      });
    return () => {
      gone = true;
      close();
    };
  }, [file]);
  return opened;
}

async function draw(page: PDFPageProxy, canvas: HTMLCanvasElement): Promise<void> {
  const scale = PIXELS_ACROSS / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport }).promise;
}

function Page({ pdf, number }: { pdf: PDFDocumentProxy; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    let gone = false;
    pdf
      .getPage(number)
      .then((page) => (gone ? undefined : draw(page, target)))
      .catch(() => {
        if (!gone) setBroken(true);
      });
    return () => {
      gone = true;
    };
  }, [pdf, number]);
  if (broken) return <p className="preview-none">The browser cannot show this page.</p>;
  return (
    <canvas
      ref={canvas}
      className="preview-picture"
      role="img"
      aria-label={`Page ${number} of the form you chose`}
    />
  );
}

/** The pages of a chosen PDF, one at a time. */
export function PdfPages({ file }: { file: File }) {
  const pdf = usePdf(file);
  const [number, setNumber] = useState(1);
  if (pdf === 'opening') return <Loading what="the PDF" />;
  if (pdf === 'broken')
    return <p className="preview-none">The browser cannot show this PDF. Open it in your own viewer.</p>;
  return (
    <>
      <Page key={number} pdf={pdf} number={number} />
      {pdf.numPages > 1 && (
        <div className="button-row">
          <button
            type="button"
            className="button"
            disabled={number === 1}
            onClick={() => {
              setNumber(number - 1);
            }}
          >
            Page before
          </button>
          <span>
            Page {number} of {pdf.numPages}
          </span>
          <button
            type="button"
            className="button"
            disabled={number === pdf.numPages}
            onClick={() => {
              setNumber(number + 1);
            }}
          >
            Next page
          </button>
        </div>
      )}
    </>
  );
}
