-- Rows of the outbox that have served go after a while; found by when they were delivered.
CREATE INDEX outbox_served ON clinical.outbox (tenant_id, delivered_at) WHERE delivered_at IS NOT NULL;
