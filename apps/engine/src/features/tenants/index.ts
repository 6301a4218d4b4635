export { addTenant, placeName, type TenantAsk } from './add-tenant.ts';
export { requireRegion } from './require-region.ts';
