"""Memoria contada en octetos de tensores, nunca a partir del tamaño del proceso."""

from __future__ import annotations


def _octetos(tensor) -> int:
    return tensor.numel() * tensor.element_size()


def _estado_cuantizacion(estado) -> int:
    """Octetos de las constantes que acompañan a un peso en 4 bits (máximos, tabla)."""
    total = sum(_octetos(t) for t in (estado.absmax, estado.code) if t is not None)
    if getattr(estado, "nested", False):
        total += _octetos(estado.offset) + _octetos(estado.state2.absmax)
        total += _octetos(estado.state2.code)
    return total


def memoria(modelo, optimizador=None) -> dict[str, int]:
    """Octetos que ocupa un modelo, por componente.

    Argumentos: `modelo`, de torch, con o sin capas de 4 bits y adaptadores LoRA;
    `optimizador`, si se quiere contar también su estado.
    Devuelve un diccionario componente -> octetos con una entrada «total».
    """
    partes: dict[str, int] = {}

    def sumar(clave: str, octetos: int) -> None:
        partes[clave] = partes.get(clave, 0) + octetos

    for nombre, p in modelo.named_parameters():
        if getattr(p, "quant_state", None) is not None:
            sumar("pesos en 4 bits", _octetos(p))
            sumar("constantes de cuantización", _estado_cuantizacion(p.quant_state))
        elif "lora_" in nombre:
            sumar("adaptador LoRA", _octetos(p))
        elif "embed" in nombre or "lm_head" in nombre:
            sumar("embeddings", _octetos(p))
        elif p.ndim < 2:
            sumar("normas y sesgos", _octetos(p))
        else:
            sumar("matrices sin cuantizar", _octetos(p))
        if p.grad is not None:
            sumar("gradientes", _octetos(p.grad))
    for estado in optimizador.state.values() if optimizador is not None else ():
        for valor in estado.values():
            if hasattr(valor, "element_size"):
                sumar("estado del optimizador", _octetos(valor))
    partes["total"] = sum(partes.values())
    return partes
