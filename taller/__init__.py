"""Ayudante del curso «De tokens a QLoRA».

Guarda lo que distraería de la lección (perfiles, colores, comprobaciones); lo que el
curso enseña se escribe primero en la lección y se compara con lo de aquí.
"""

from .conjugacion import conjugar
from .control import control
from .datos import cargar_datos
from .ejercicios import comprobar
from .errores import ErrorDelTaller
from .estadistica import intervalo
from .figuras import vestir as _vestir
from .memoria import memoria
from .modelos import cargar_modelo, generar, proteger_gradiente_4bit
from .pares import puntuar_pares
from .perfil import elegir_perfil
from .tokens import dibujar_tokens
from .tratamientos import cambiar_trato

__all__ = [
    "ErrorDelTaller",
    "cambiar_trato",
    "cargar_datos",
    "cargar_modelo",
    "comprobar",
    "conjugar",
    "control",
    "dibujar_tokens",
    "elegir_perfil",
    "generar",
    "intervalo",
    "memoria",
    "proteger_gradiente_4bit",
    "puntuar_pares",
]

_vestir()
