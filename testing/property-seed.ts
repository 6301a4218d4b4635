import fc from 'fast-check';

/**
 * The ordinary run asks the same questions each time, so that a failure belongs to the change that made it. Other questions
 * are asked with CORDON_PROPERTY_SEED set, to a number or to "random".
 */
const given = process.env['CORDON_PROPERTY_SEED'];
if (given !== 'random')
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given ?? 20_261_121) });
