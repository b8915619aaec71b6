"""Lo que se mira antes de medir: salida, pesos y adaptador.

Una medida larga no debe perderse al final por algo que se sabía al principio, ni
guardar cifras de unos pesos dañados. Cada función termina con una frase si algo falla.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from peft import LoraConfig, PeftConfig, PeftModel, get_peft_model_state_dict
from safetensors import SafetensorError, safe_open
from transformers import AutoConfig, AutoModelForCausalLM

from herramientas.archivos import ADAPTADOR, SEMILLA, razon
from taller.errores import ErrorDelTaller
from taller.recursos import REGISTRO, ruta_adaptador, ruta_semilla

AJUSTES, PESOS = "adapter_config.json", "adapter_model.safetensors"


def positivo(texto: str) -> int:
    """Un entero de 1 o más, para una opción de la línea de órdenes."""
    numero = int(texto) if texto.strip().isdecimal() else 0
    if numero < 1:
        raise SystemExit(f"«{texto}» no sirve: hace falta un entero de 1 o más.")
    return numero


def comprobar_salida(ruta: Path) -> None:
    """Mira que el resultado se pueda escribir, sin tocar el que haya."""
    try:
        if ruta.is_dir():
            raise SystemExit(f"{ruta} es una carpeta. Da un archivo en --salida.")
        ruta.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=ruta.parent).close()
    except OSError as causa:
        raise SystemExit(
            f"No se puede escribir {ruta}: {razon(causa)}. Elige otra --salida."
        ) from causa


def comprobar_semilla(carpeta: Path = SEMILLA) -> None:
    """Mira que los pesos y el tokenizador de `semilla` sean los publicados."""
    try:
        ruta_semilla(carpeta)
    except ErrorDelTaller as causa:
        raise SystemExit(str(causa)) from causa


def comprobar_adaptador(carpeta: Path, modelo: str, es_semilla: bool) -> None:
    """Mira que un adaptador LoRA esté entero y sea de la base que se va a medir.

    Argumentos: `carpeta`, la del adaptador; `modelo`, carpeta o id de la base, de la
    que solo se leen los ajustes; `es_semilla`, si es el modelo del paquete: entonces
    su adaptador, o uno que traiga huellas, se compara además con ellas.
    """
    if not carpeta.is_dir():
        raise SystemExit(f"No existe la carpeta {carpeta}. Revisa --adaptador.")
    propio = carpeta.resolve() == ADAPTADOR.resolve()
    if es_semilla and (propio or (carpeta / REGISTRO).exists()):
        try:
            ruta_adaptador(carpeta)
        except ErrorDelTaller as causa:
            raise SystemExit(str(causa)) from causa
    trae = formas_del_adaptador(carpeta)
    pide = formas_pedidas(carpeta, modelo)
    malas = [n for n in pide if trae.get(n) != pide[n]]
    malas += [n for n in trae if "lora_" in n and n not in pide]
    if malas:
        raise SystemExit(
            f"{carpeta} se ajustó sobre otra base: en {modelo} no encajan {len(malas)} "
            f"pesos, como «{malas[0]}». Revisa --modelo y --adaptador."
        )


def formas_del_adaptador(carpeta: Path) -> dict[str, tuple[int, ...]]:
    """La forma de cada peso que guarda un adaptador, por nombre, sin cargarlos."""
    for nombre in (AJUSTES, PESOS):
        if not (carpeta / nombre).is_file():
            raise SystemExit(
                f"Falta {nombre} en {carpeta}. Revisa --adaptador; los pesos en otro "
                "formato, como .bin, no se abren."
            )
    try:
        with safe_open(carpeta / PESOS, "pt") as pesos:
            return {n: tuple(pesos.get_slice(n).get_shape()) for n in pesos.keys()}
    except (SafetensorError, OSError) as causa:
        raise SystemExit(f"{carpeta / PESOS} está dañado: cópialo de nuevo.") from causa


def formas_pedidas(carpeta: Path, modelo: str) -> dict[str, tuple[int, ...]]:
    """La forma de cada peso que el adaptador debe traer para esa base.

    Arma la base y el LoRA en el dispositivo «meta», sin memoria ni pesos.
    """
    try:
        base = AutoConfig.from_pretrained(modelo)
    except (OSError, ValueError) as causa:
        raise SystemExit(sin_modelo(modelo)) from causa
    try:
        ajustes = PeftConfig.from_pretrained(str(carpeta))
        if not isinstance(ajustes, LoraConfig):
            raise TypeError(ajustes.peft_type)
        with torch.device("meta"):
            vacio = PeftModel(AutoModelForCausalLM.from_config(base), ajustes)
        pesos = get_peft_model_state_dict(vacio, save_embedding_layers=False)
    except Exception as causa:  # peft lanza de todo ante unos ajustes dañados
        raise SystemExit(
            f"{carpeta / AJUSTES} está dañado o no es de un LoRA para {modelo}. "
            "Revisa --modelo y --adaptador."
        ) from causa
    return {nombre: tuple(peso.shape) for nombre, peso in pesos.items()}


def sin_modelo(modelo: str) -> str:
    """La frase para un modelo que no se puede leer."""
    return f"No se pudo cargar {modelo}: revisa el nombre o la carpeta y la conexión."
