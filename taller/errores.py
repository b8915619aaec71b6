"""Errores para personas: qué pasó, por qué y qué hacer, en una o dos frases."""


class ErrorDelTaller(Exception):
    """Error previsto por el curso. En un cuaderno se muestra solo su frase."""

    def _render_traceback_(self) -> list[str]:
        """IPython llama a este método en lugar de mostrar la traza completa."""
        return [f"✗ {self}"]
