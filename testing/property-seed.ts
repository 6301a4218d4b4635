import fc from 'fast-check';

/**
 * Every run asks other questions. A property that fails names the seed it failed with; CORDON_PROPERTY_SEED set to it asks
 * the same questions again.
 */
const given = process.env['CORDON_PROPERTY_SEED'];
if (given !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given) });
