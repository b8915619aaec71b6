"""El perfil: qué modelo, en qué dispositivo y con qué precisión, y por qué."""

from __future__ import annotations

import os
from dataclasses import dataclass

from . import _HILOS
from .errores import ErrorDelTaller
from .recursos import ruta_semilla

# En el hub, por perfil: (modelo ligero, modelo principal, GB libres de GPU).
# La memoria pedida deja margen sobre lo publicado para QLoRA de tamaños parecidos.
EN_EL_HUB = {
    "t4": ("Qwen/Qwen3-0.6B", "HuggingFaceTB/SmolLM3-3B", 8),
    "grande": ("Qwen/Qwen3-4B-Instruct-2507", "Qwen/Qwen3-4B-Instruct-2507", 16),
}
NOMBRES = ("semilla", *EN_EL_HUB)


@dataclass(frozen=True)
class Perfil:
    """Lo que cambia de una máquina a otra; el código de las lecciones no cambia.

    `modelo` y `modelo_principal` van tal cual a `from_pretrained`: el primero es para
    las prácticas cortas, el segundo para el ajuste fino. Son carpetas con los pesos: en
    un perfil de GPU se buscan, y si hace falta se descargan, al pedirlas. `ligero` y
    `principal` son sus nombres en el hub. `dtype` es de torch.
    """

    nombre: str
    ligero: str
    principal: str
    dispositivo: str
    dtype: object
    razon: str
    razon_precision: str

    @property
    def modelo(self) -> str:
        """La carpeta del modelo ligero. Errores: ErrorDelTaller si no se consigue."""
        return self._pesos(self.ligero)

    @property
    def modelo_principal(self) -> str:
        """La carpeta del modelo para el ajuste. Errores: los mismos."""
        return self._pesos(self.principal)

    def _pesos(self, nombre: str) -> str:
        if self.nombre == "semilla":
            return nombre
        from .descargas import pesos

        return pesos(nombre)

    def __str__(self) -> str:
        tipo = str(self.dtype).removeprefix("torch.")
        lineas = [f"Perfil {self.nombre}: {self.razon}"]
        if self.nombre in EN_EL_HUB:
            modelos = dict.fromkeys((self.ligero, self.principal))
            lineas.append(f"Modelo: {' y, para el ajuste, '.join(modelos)}.")
        return "\n".join([*lineas, f"Precisión {tipo}: {self.razon_precision}"])


def elegir_perfil(nombre: str | None = None) -> Perfil:
    """Elige el perfil según el hardware e imprime la razón, también la de los hilos.

    Argumentos: `nombre` es «semilla», «t4» o «grande»; si falta manda la variable
    de entorno TALLER_PERFIL y, si tampoco está, la GPU que haya.
    Si el perfil salió solo y el hub no responde, pasa a `semilla` y lo dice.
    Errores: ErrorDelTaller si el nombre no existe o el perfil pedido no se puede usar.
    """
    pedido = nombre or os.environ.get("TALLER_PERFIL", "").strip() or None
    if pedido is not None and pedido not in NOMBRES:
        raise ErrorDelTaller(
            f"No existe el perfil «{pedido}». Usa uno de estos: {', '.join(NOMBRES)}."
        )
    automatico, razon = _segun_hardware()
    elegido = pedido or automatico
    if pedido:
        razon = "lo pediste tú." if nombre else "lo pide la variable TALLER_PERFIL."
    if elegido != "semilla" and (problema := _problema(elegido)):
        if pedido:
            raise ErrorDelTaller(
                f"El perfil «{elegido}» no se puede usar: {problema} "
                'Sigue con elegir_perfil("semilla"), que funciona en cualquier parte.'
            )
        elegido, razon = "semilla", f"{problema} Sigo con el modelo pequeño del curso."
    perfil = _armar(elegido, razon)
    print(perfil)
    if perfil.dispositivo == "cpu":
        print(_HILOS)
    return perfil


def _segun_hardware() -> tuple[str, str]:
    import torch

    if not torch.cuda.is_available():
        return "semilla", "no hay GPU de NVIDIA; el modelo pequeño corre en la CPU."
    gb = torch.cuda.get_device_properties(0).total_memory / 2**30
    nombre = "grande" if gb >= 23 else "t4"
    return nombre, f"hay una GPU {torch.cuda.get_device_name(0)} de {gb:.0f} GB."


def _problema(nombre: str) -> str | None:
    """Por qué no se puede usar un perfil de GPU, o None si se puede."""
    import torch

    if not torch.cuda.is_available():
        return "necesita una GPU de NVIDIA y aquí no hay ninguna."
    *modelos, gb = EN_EL_HUB[nombre]
    libre = torch.cuda.mem_get_info()[0] / 2**30
    if libre < gb:
        return (
            f"la GPU tiene {libre:.1f} GB libres y hacen falta unos {gb}. "
            "Reinicia el entorno para liberar memoria."
        )
    for modelo in dict.fromkeys(modelos):
        if problema := _alcance(modelo):
            return problema
    return None


def _alcance(modelo: str) -> str | None:
    """Por qué no se consigue un modelo, o None si está aquí o el hub lo entrega."""
    from .descargas import alcance

    return alcance(modelo)


def _armar(nombre: str, razon: str) -> Perfil:
    import torch

    if nombre == "semilla":
        ligero = principal = str(ruta_semilla())
    else:
        ligero, principal, _ = EN_EL_HUB[nombre]
    dispositivo = "cuda" if torch.cuda.is_available() else "cpu"
    dtype, porque = _precision(dispositivo)
    return Perfil(nombre, ligero, principal, dispositivo, dtype, razon, porque)


def _precision(dispositivo: str):
    """Decide por la capacidad: is_bf16_supported cuenta también la emulada."""
    import torch

    if dispositivo == "cpu":
        return (
            torch.float32,
            "en CPU es la más segura y, con este modelo, cabe de sobra.",
        )
    capacidad = torch.cuda.get_device_capability()
    texto = "{}.{}".format(*capacidad)
    if capacidad >= (8, 0):
        return (
            torch.bfloat16,
            f"la GPU tiene capacidad {texto} y unidades bf16 propias.",
        )
    return (
        torch.float16,
        f"la GPU tiene capacidad {texto}: sin unidades bf16, que empiezan en 8.0.",
    )
