"""El curso fuera del sitio: un PDF y un EPUB, hechos de las páginas construidas."""
