"""Ayudante del curso «De tokens a QLoRA».

Guarda lo que distraería de la lección (perfiles, colores, comprobaciones); lo que el
curso enseña se escribe primero en la lección y se compara con lo de aquí.

Cada nombre público se carga la primera vez que se pide. Así un cuaderno solo importa
los módulos que usa, y un cambio en los demás no hace viejas sus salidas.
"""

from importlib import import_module

from .avisos import callar as _callar
from .figuras import vestir as _vestir
from .hilos import preparar as _preparar
from .tarjetas import dejar_una as _dejar_una

_DONDE = {
    "ErrorDelTaller": "errores",
    "cambiar_trato": "conjuntos.tratamientos",
    "cargar_datos": "conjuntos.cargar",
    "cargar_modelo": "modelos",
    "comprobar": "ejercicios",
    "conjugar": "verbos.conjugacion",
    "control": "controles",
    "dibujar_tokens": "tokens",
    "elegir_perfil": "perfil",
    "generar": "modelos",
    "intervalo": "estadistica",
    "memoria": "octetos",
    "proteger_gradiente_4bit": "modelos",
    "puntuar_pares": "pares",
}
__all__ = list(_DONDE)


def __getattr__(nombre: str):
    """Carga un nombre público; los demás no existen."""
    if nombre not in _DONDE:
        raise AttributeError(f"taller no tiene «{nombre}»: {', '.join(__all__)}.")
    valor = getattr(import_module(f".{_DONDE[nombre]}", __name__), nombre)
    globals()[nombre] = valor
    return valor


def __dir__() -> list[str]:
    return __all__


_callar()
_vestir()
_HILOS = _preparar()
if _aviso := _dejar_una():
    print(_aviso)
