-- The first form of the domain looked at the message's head alone. What follows is read here to the last byte: one
-- session-key packet, then one packet with integrity protection (RFC 4880, 5.13) of version 1 whose announced length is
-- the length that is there (4.2.2), and nothing behind it. A second packet, a cut and a padded message are refused.

-- Lengths in parts (4.2.2.4), as pgcrypto writes messages longer than 16 KiB: from the first length on they must lead
-- to the end of the message exactly.
CREATE FUNCTION cordon.partial_lengths_end(message bytea) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  total constant integer := length(message);
  -- Counted from 0: the first length stands behind the packet's tag.
  at integer := 15;
  head integer;
BEGIN
  -- A part holds at least 512 bytes when it is the first, and one byte afterwards.
  FOR part IN 1..100000 LOOP
    IF at >= total THEN RETURN false; END IF;
    head := get_byte(message, at);
    IF head BETWEEN 224 AND 254 THEN
      IF part = 1 AND head < 233 THEN RETURN false; END IF;
      IF part = 1 AND get_byte(message, at + 1) <> 1 THEN RETURN false; END IF;
      IF head > 246 THEN RETURN false; END IF;
      at := at + 1 + (1 << (head - 224));
    ELSIF head < 192 THEN
      RETURN part > 1 AND at + 1 + head = total;
    ELSIF head < 224 THEN
      RETURN part > 1 AND at + 1 < total
        AND at + 2 + ((head - 192) << 8) + get_byte(message, at + 1) + 192 = total;
    ELSE
      RETURN part > 1 AND at + 4 < total AND get_byte(message, at + 1) = 0
        AND at + 5 + (get_byte(message, at + 2) << 16) + (get_byte(message, at + 3) << 8) + get_byte(message, at + 4) = total;
    END IF;
  END LOOP;
  RETURN false;
END
$$;

-- 14 bytes of session-key packet, tag and length, version, 18 bytes of prefix, the literal packet's head, 22 bytes of MDC.
ALTER DOMAIN cordon.ciphertext ADD CONSTRAINT one_protected_packet CHECK (
  CASE
    WHEN VALUE IS NULL THEN true
    WHEN length(VALUE) < 64 THEN false
    WHEN get_byte(VALUE, 15) < 192 THEN get_byte(VALUE, 16) = 1 AND length(VALUE) = 16 + get_byte(VALUE, 15)
    WHEN get_byte(VALUE, 15) < 224 THEN get_byte(VALUE, 17) = 1
      AND length(VALUE) = 17 + ((get_byte(VALUE, 15) - 192) << 8) + get_byte(VALUE, 16) + 192
    WHEN get_byte(VALUE, 15) = 255 THEN get_byte(VALUE, 20) = 1 AND get_byte(VALUE, 16) = 0
      AND length(VALUE) = 20 + (get_byte(VALUE, 17) << 16) + (get_byte(VALUE, 18) << 8) + get_byte(VALUE, 19)
    ELSE cordon.partial_lengths_end(VALUE)
  END);
