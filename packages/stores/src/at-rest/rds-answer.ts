/** Answers of https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html and API_DescribeDBClusters.html */
import { SaxesParser } from 'saxes';

/** What AWS tells of one database: its addresses, and whether what it stores is encrypted. */
export interface DescribedDatabase {
  readonly addresses: readonly string[];
  readonly encrypted: boolean;
}

export type DescribedKind = 'DBInstance' | 'DBCluster';

/** The elements of one database that hold an address: of a cluster the writing and the reading one. */
const addressPaths: Readonly<Record<DescribedKind, readonly string[]>> = {
  DBInstance: ['Endpoint/Address'],
  DBCluster: ['Endpoint', 'ReaderEndpoint'],
};

/**
 * The one database that an answer describes.
 * @throws Error for anything but a whole answer about one database
 */
export function readDescribed(kind: DescribedKind, xml: string): DescribedDatabase {
  const one = [`Describe${kind}sResponse`, `Describe${kind}sResult`, `${kind}s`, kind].join('/');
  const texts = new Map<string, string[]>();
  const path: string[] = [];
  let text = '';
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    path.push(name);
    text = '';
  });
  parser.on('text', (piece) => (text += piece));
  parser.on('closetag', () => {
    const at = path.join('/');
    texts.set(at, [...(texts.get(at) ?? []), text.trim()]);
    text = '';
    path.pop();
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  const [encrypted, ...more] = texts.get(`${one}/StorageEncrypted`) ?? [];
  if (texts.get(one)?.length !== 1 || encrypted === undefined || more.length > 0)
    throw new Error('the answer is not about one database');
  return {
    addresses: addressPaths[kind].flatMap((name) => texts.get(`${one}/${name}`) ?? []),
    encrypted: encrypted === 'true',
  };
}
