"""Contar, contrastar y revisar los conjuntos de datos."""
