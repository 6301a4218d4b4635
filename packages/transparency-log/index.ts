export {
  TransparencyLogError,
  transparencyLogErrorCodes,
  type Place,
  type TransparencyLogErrorCode,
} from './src/error.ts';

export { HASH_BYTES, emptyRoot, hashLeaf, hashNode } from './src/merkle/hash.ts';
export { MAX_TREE_SIZE, type LeafRange, type NodeAddress } from './src/merkle/subtree.ts';
export { CompactRange } from './src/merkle/compact-range.ts';
export { inclusionProofLength, verifyInclusion, type InclusionClaim } from './src/merkle/inclusion.ts';
export { verifyConsistency, type ConsistencyClaim } from './src/merkle/consistency.ts';

export {
  TILE_WIDTH,
  formatBundlePath,
  formatTilePath,
  parseTilePath,
  type BundleAddress,
  type TileAddress,
} from './src/tiles/path.ts';
export { TileBuilder, type TileFile } from './src/tiles/builder.ts';
export { TileReader, type ReadTile, type TileReaderOptions } from './src/tiles/reader.ts';
export { proveConsistency, proveInclusion, rootAtSize, type ProvenLeaf } from './src/tiles/prove.ts';
export {
  MAX_ENTRY_BYTES,
  decodeEntryBundle,
  encodeEntryBundle,
  readEntryBundle,
} from './src/tiles/entry-bundle.ts';

export { type ParseOptions, type TextInput } from './src/text/source-text.ts';
export {
  createVerifierKey,
  formatVerifierKey,
  parseVerifierKey,
  type SignatureKind,
  type VerifierKey,
} from './src/note/verifier-key.ts';
export {
  createSigningKey,
  formatSigningKey,
  generateSigningKey,
  parseSigningKey,
  type SigningKey,
} from './src/note/signing-key.ts';
export { type NoteSignature, type VerifiedSignature } from './src/note/signature.ts';
export {
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  formatSignedNote,
  openSignedNote,
  parseSignedNote,
  signNote,
  type OpenedNote,
  type SignedNote,
} from './src/note/signed-note.ts';

export {
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  type Checkpoint,
} from './src/checkpoint/checkpoint.ts';
export { type LogTrust } from './src/checkpoint/log-trust.ts';
export { openCheckpoint, type OpenedCheckpoint } from './src/checkpoint/open-checkpoint.ts';
export {
  formatWitnessRequest,
  parseWitnessRequest,
  type WitnessRequest,
} from './src/checkpoint/witness-request.ts';
export {
  addCosignatures,
  cosignCheckpoint,
  type CosigningOptions,
  type WitnessedHead,
} from './src/checkpoint/witness.ts';

export {
  MAX_EXTRA_BYTES,
  formatTlogProof,
  parseTlogProof,
  verifyTlogProof,
  type TlogProof,
  type VerifiedTlogProof,
} from './src/proof/tlog-proof.ts';
export { SALT_BYTES, commit, generateSalt } from './src/commitment.ts';
export { canonicalizeJson } from './src/canonical-json.ts';
