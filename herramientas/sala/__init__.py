"""El taller: horarios, actas e impacto."""
