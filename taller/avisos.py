"""Calla un aviso ajeno que invita a instalar lo que el curso no necesita."""

import logging

# bitsandbytes lo escribe, en inglés, en algunas CPU: pide instalar «kernels», que
# después descarga código del hub. Sin él las cuentas son las mismas.
QUIEN, QUE = "bitsandbytes.backends.cpu.ops", "pip install kernels"


def _pasa(aviso: logging.LogRecord) -> bool:
    return QUE not in aviso.getMessage()


def callar() -> None:
    """Quita ese aviso y ningún otro; repetirla es inofensivo."""
    logging.getLogger(QUIEN).addFilter(_pasa)
