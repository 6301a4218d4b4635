-- The sweep of objects that no row names asks for thumbnails by their object, a thousand at a time.
CREATE UNIQUE INDEX imaging_assets_thumbnail ON clinical.imaging_assets (tenant_id, thumbnail_object_id)
  WHERE thumbnail_object_id IS NOT NULL;
