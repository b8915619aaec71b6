"""Los octetos vivos en un momento, por clase, llevados al tamaño del modelo entero.

Cada tensor de la miniatura se reconoce por su forma: de ahí sale qué matriz es, cuánto
mide en el modelo publicado y cuántas capas hay de ella. Lo que no es de un modelo del
ensayo (por ejemplo `semilla`) se cuenta como está.
"""

from __future__ import annotations

import gc

CLASES = ("16 bits", "32 bits", "4 bits", "gradientes", "optimizador", "logits")
# Octetos por peso en NF4 con doble cuantización: medio, y sus constantes (lección 07).
NF4 = 1 / 2 + 1 / 64 + 4 / 2**14
MINIMO = 512  # elementos: menos que esto no cambia ninguna cuenta


def real(forma: tuple, activos: list) -> tuple[float, int, int]:
    """(elementos en el modelo entero, capas chicas, capas reales) de una forma.

    Si la forma no es de ningún modelo activo, los elementos que tiene, con 1 y 1.
    """
    elementos = 1
    for lado in forma:
        elementos *= lado
    for modelo in activos:
        c, r = modelo.chicas, modelo.reales
        anchos = {c[k]: r[k] for k in ("d", "q", "kv", "m")}
        if len(forma) >= 2 and c["V"] in (forma[-1], forma[0]):
            suyo = elementos * r["V"] / c["V"]
            if len(forma) == 2 and forma[-1] in anchos:  # la tabla de embeddings
                suyo *= anchos[forma[-1]] / forma[-1]
            return suyo, 1, 1
        chica, entera = c["q"] // c["h"], r["q"] // r["h"]
        if len(forma) == 4 and (forma[1], forma[3]) == (c["hk"], chica):  # caché
            return elementos * entera / chica, c["n"], r["n"]
        if len(forma) == 2 and any(lado in anchos for lado in forma):
            a, b = (anchos.get(lado, lado) for lado in forma)
            if all(lado in anchos or lado <= 64 for lado in forma):  # o el rango
                return float(a * b), c["n"], r["n"]
        if len(forma) == 3 and forma[-1] in anchos:
            return elementos * anchos[forma[-1]] / forma[-1], 1, 1
    return float(elementos), 1, 1


def _tensores():
    """Los tensores que el recolector conoce, sin tocar otros objetos."""
    import torch

    objetos = gc.get_objects()
    tensores = [o for o in objetos if issubclass(type(o), torch.Tensor)]
    optimizadores = [o for o in objetos if issubclass(type(o), torch.optim.Optimizer)]
    return tensores, optimizadores


def _marcar(tensores, optimizadores) -> tuple[dict, dict]:
    """Direcciones de lo que es gradiente y de lo que es estado de un optimizador."""
    gradientes, estados = {}, {}
    for t in tensores:
        if t.is_leaf and t.requires_grad and t.grad is not None:
            gradientes[t.grad.data_ptr()] = t.grad
    for optimizador in optimizadores:
        en_8 = "bitsandbytes" in type(optimizador).__module__
        for parametro, estado in optimizador.state.items():
            for valor in estado.values():
                if hasattr(valor, "data_ptr") and valor.numel() >= MINIMO:
                    # la miniatura deja en 32 bits los tensores pequeños
                    estados[valor.data_ptr()] = (parametro.shape, en_8, valor)
    return gradientes, estados


def contar(activos: list, medias: set[int]) -> dict[str, float]:
    """Octetos por clase de todo lo vivo, en el tamaño de los modelos `activos`.

    `medias`: direcciones de los pesos que aquí van en 32 bits y en la tarjeta en 16.
    """
    tensores, optimizadores = _tensores()
    gradientes, estados = _marcar(tensores, optimizadores)
    grupos: dict = {}
    vistos = set()
    todos = [*tensores, *gradientes.values(), *(v for *_, v in estados.values())]
    for t in sorted(todos, key=lambda x: -x.numel()):
        lugar = t.data_ptr() if t.device.type == "cpu" else 0
        if not lugar or lugar in vistos or t.numel() < MINIMO:
            continue
        vistos.add(lugar)
        forma, octetos = tuple(t.shape), float(t.element_size())
        if (cuantizado := getattr(t, "quant_state", None)) is not None:
            clase, forma, octetos = "4 bits", tuple(cuantizado.shape), NF4
        elif lugar in gradientes:
            clase = "gradientes"
        elif lugar in estados:
            forma, en_8, _ = estados[lugar]
            clase, forma = "optimizador", tuple(forma)
            octetos = 1.0 + 4 / 256 if en_8 else octetos  # un máximo cada 256
        elif not t.is_floating_point():
            continue  # códigos y máscaras: nada al lado de los pesos
        else:
            octetos = 2.0 if lugar in medias else octetos
            clase = "16 bits" if octetos == 2 else "32 bits"
        clave = (clase, forma, octetos)
        grupos[clave] = grupos.get(clave, 0) + 1
    partes = dict.fromkeys(CLASES, 0.0)
    for (clase, forma, octetos), cuantos in grupos.items():
        elementos, chicas, reales = real(forma, activos)
        enteras = cuantos // chicas * reales + cuantos % chicas
        partes[clase] += elementos * octetos * enteras
    return partes


# --- Lo que un paso añade, por fórmula ----------------------------------------------


def de_una_capa(r: dict) -> float:
    """Elementos por token que autograd guarda en una capa (lección 06, redondeado)."""
    return 8 * r["d"] + 7 * r["q"] + 5 * r["kv"] + 4 * r["m"]


def de_entrenar(r: dict, lote: int, largo: int, recalcula: bool, octetos=2) -> float:
    """Activaciones de una pasada hacia adelante y hacia atrás, sin logits."""
    tokens = lote * largo
    capa = de_una_capa(r) * tokens * octetos
    if not recalcula:
        return r["n"] * capa
    return r["n"] * tokens * r["d"] * octetos + capa


def de_logits(r: dict, lote: int, largo: int) -> float:
    """Logits enteros con su pérdida: 12 octetos por token y entrada (lección 06)."""
    return 12.0 * r["V"] * lote * largo


def de_puntuar(r: dict, lote: int, largo: int) -> float:
    """Los logits en 32 bits y la copia que pide la suma de sus exponenciales."""
    return 8.0 * r["V"] * lote * largo


def de_logits_por_trozos(r: dict, tokens: int) -> float:
    """La pérdida de SFTTrainer: un trozo de logits en 32 bits y su copia."""
    trozo = min(tokens, 4096) * min(r["V"], 32768) * 4
    return 2.0 * trozo


def de_generar(r: dict, lote: int, largo: int, nuevos: int, octetos=2) -> float:
    """Caché, la pasada por el texto de entrada y los logits del último lugar."""
    cache = 2.0 * r["n"] * r["kv"] * lote * (largo + nuevos) * octetos
    pasada = (4 * r["d"] + 2 * r["q"] + 3 * r["m"]) * lote * largo * octetos
    return cache + pasada + 8.0 * r["V"] * lote
