"""Los esquemas de las lecciones: uno por función, con los mismos trazos."""
