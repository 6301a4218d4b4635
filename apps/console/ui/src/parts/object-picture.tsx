import { useEffect, useState } from 'react';

/** Shows a picture from the browser's own memory: nothing is sent for it. */
export function ObjectPicture({ picture, alt }: { picture: Blob; alt: string }) {
  const [url, setUrl] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    // The address is a resource of the browser, made and given back with the element that shows it.
    // eslint-disable-next-line react-hooks/set-state-in-effect -- an object URL must be revoked, so it cannot be made while rendering
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
    };
  }, [picture]);
  if (broken) return <p className="preview-none">The browser cannot show this picture.</p>;
  if (url === null) return null;
  return (
    <img
      className="preview-picture"
      src={url}
      alt={alt}
      onError={() => {
        setBroken(true);
      }}
    />
  );
}
