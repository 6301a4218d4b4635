-- What knows a creation that is sent twice has a key of its own, so that a new search key makes nothing twice.
ALTER TABLE vault.tenant_keys DROP CONSTRAINT tenant_keys_purpose_check;
ALTER TABLE vault.tenant_keys ADD CONSTRAINT tenant_keys_purpose_check CHECK (purpose IN ('data', 'search', 'repeat'));
