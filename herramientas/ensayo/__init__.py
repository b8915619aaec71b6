"""El ensayo: cada cuaderno con un perfil de GPU, en una CPU y sin descargar nada."""
