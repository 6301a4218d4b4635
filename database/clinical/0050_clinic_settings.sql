-- What a clinic chooses for itself, its administrators may change: that one column, of the clinics they work in.
GRANT UPDATE (keeps_form_pictures) ON clinical.clinics TO engine_clinical;
CREATE POLICY staff_change ON clinical.clinics FOR UPDATE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND id = ANY ((SELECT clinical.staff_clinics('portalAccount', true))::uuid[]))
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND id = ANY ((SELECT clinical.staff_clinics('portalAccount', true))::uuid[]));
