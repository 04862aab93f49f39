"""A Chorus Pro on a bench: PISTE, the API, the portal and a control room, written from `specifications/` alone."""
