"""Auditar el sitio construido: peso, accesibilidad, velocidad y EPUB."""
