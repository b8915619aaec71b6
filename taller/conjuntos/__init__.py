"""Los conjuntos de datos del curso y cómo se leen, se revisan y se ensucian."""
