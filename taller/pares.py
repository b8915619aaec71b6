"""Puntúa pares mínimos: ¿a cuál oración le da el modelo más probabilidad?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from .errores import ErrorDelTaller
from .estadistica import intervalo

MINIMO = 30  # con menos pares, una celda no se informa


def puntuar_pares(
    modelo, tokenizador, pares: Iterable[dict], lote: int = 32
) -> list[tuple[float, float]]:
    """Log-probabilidad de las dos oraciones de cada par, como en BLiMP.

    Suma los logaritmos (naturales) de la probabilidad de cada token dado lo anterior;
    el primero se mide tras el token de inicio del tokenizador o, si no tiene, tras el
    de fin. Así lo hace también lm-evaluation-harness con un contexto vacío.

    Argumentos: `modelo`, cualquiera de `AutoModelForCausalLM`; `pares`, filas con
    `buena` y `mala`; `lote`, cuántas oraciones van juntas.
    Devuelve, en el mismo orden, una tupla (buena, mala) por par. El par está bien si
    buena > mala; un empate está mal.
    Errores: ErrorDelTaller si falta una oración o no cabe en el contexto del modelo.
    Fuente: Warstadt et al. (2020), BLiMP.
    """
    from tqdm.auto import tqdm

    codigos = _codificar(modelo, tokenizador, pares)
    orden = sorted(range(len(codigos)), key=lambda i: -len(codigos[i]))
    grupos = [orden[i : i + lote] for i in range(0, len(orden), lote)]
    puntos = [0.0] * len(codigos)
    entrenaba = modelo.training
    modelo.eval()
    try:
        # la barra aparece solo si la cuenta pasa de cinco segundos
        for grupo in tqdm(grupos, desc="puntuar", delay=5, leave=False):
            sumas = _sumar(modelo, [codigos[i] for i in grupo])
            for i, suma in zip(grupo, sumas, strict=True):
                puntos[i] = suma
    finally:
        modelo.train(entrenaba)
    return list(zip(puntos[::2], puntos[1::2], strict=True))


def _codificar(modelo, tokenizador, pares: Iterable[dict]) -> list[list[int]]:
    """Los tokens de cada oración, con el de inicio delante: buena, mala, buena…"""
    inicio = tokenizador.bos_token_id
    inicio = tokenizador.eos_token_id if inicio is None else inicio
    tope = getattr(modelo.config, "max_position_embeddings", None) or float("inf")
    salida = []
    for numero, par in enumerate(pares, start=1):
        for lado in ("buena", "mala"):
            donde = f"Par {par.get('id', numero)}, oración {lado}"
            texto = par.get(lado)
            if not isinstance(texto, str) or not texto.strip():
                raise ErrorDelTaller(f"{donde}: no hay texto que puntuar.")
            codigos = tokenizador.encode(texto, add_special_tokens=False)
            if len(codigos) > tope:
                raise ErrorDelTaller(
                    f"{donde}: tiene {len(codigos)} tokens y al modelo le caben {tope}."
                )
            # como lm-evaluation-harness: si el texto ya trae el inicio, no se repite
            salida.append(codigos if codigos[0] == inicio else [inicio, *codigos])
    return salida


def _sumar(modelo, codigos: Sequence[list[int]], desde=None) -> list[float]:
    """Log-probabilidad de cada secuencia de un lote, sin contar su primer token.

    `desde` da, por secuencia, el lugar del primer token que cuenta; por omisión, 1.
    """
    import torch

    largo = max(map(len, codigos)) - 1
    # el relleno va a la derecha, donde un modelo causal no lo ve; 0 es un token válido
    entrada = torch.zeros(len(codigos), largo, dtype=torch.long)
    mascara = torch.zeros_like(entrada)
    cuenta = torch.zeros_like(entrada)
    objetivo = torch.zeros_like(entrada)
    for fila, ids in enumerate(codigos):
        cuenta[fila, (desde[fila] if desde else 1) - 1 : len(ids) - 1] = 1
        entrada[fila, : len(ids) - 1] = torch.tensor(ids[:-1])
        objetivo[fila, : len(ids) - 1] = torch.tensor(ids[1:])
        mascara[fila, : len(ids) - 1] = 1
    entrada, mascara, cuenta, objetivo = (
        t.to(modelo.device) for t in (entrada, mascara, cuenta, objetivo)
    )
    with torch.no_grad():
        logits = modelo(input_ids=entrada, attention_mask=mascara).logits.float()
    logps = logits.gather(2, objetivo[..., None])[..., 0] - logits.logsumexp(2)
    return (logps.double() * cuenta).sum(1).tolist()


def sumar_continuaciones(
    modelo, casos: Sequence[tuple[list[int], list[int]]], lote: int = 32
) -> list[float]:
    """Log-probabilidad de cada continuación dado su comienzo, los dos en tokens.

    Argumentos: `casos`, pares (comienzo, continuación); el comienzo trae un token al
    menos; `lote`, cuántos van juntos.
    Devuelve una suma de logaritmos naturales por caso, en el mismo orden.
    """
    salida = []
    for i in range(0, len(casos), lote):
        grupo = casos[i : i + lote]
        salida += _sumar(modelo, [a + b for a, b in grupo], [len(a) for a, _ in grupo])
    return salida


def resumir(
    pares: Iterable[dict],
    puntos: Iterable[tuple[float, float]],
    por: str | Sequence[str] = "fenomeno",
) -> dict:
    """Acierto por celda, con intervalo de Wilson del 95 %, y su promedio.

    Argumentos: los pares y lo que devolvió `puntuar_pares`; `por` es el campo que
    separa las celdas, o varios. Si el campo es una lista, como `zonas`, el par cuenta
    en cada uno de sus valores.
    Devuelve `celdas` (por nombre: acierto, bajo, alto y n), `omitidas` (nombre y n de
    las que tienen menos de 30 pares) y `macro` (promedio simple de las celdas
    informadas, o None si no hay).
    """
    campos = [por] if isinstance(por, str) else list(por)
    bien: dict[str, list[bool]] = {}
    for par, (buena, mala) in zip(pares, puntos, strict=True):
        valores = [par[c] if isinstance(par[c], list) else [par[c]] for c in campos]
        for celda in product(*valores):
            bien.setdefault(" · ".join(celda), []).append(buena > mala)
    celdas, omitidas = {}, {}
    for nombre, lista in sorted(bien.items()):
        if len(lista) < MINIMO:
            omitidas[nombre] = len(lista)
            continue
        p, bajo, alto = intervalo(sum(lista), len(lista))
        celdas[nombre] = {"acierto": p, "bajo": bajo, "alto": alto, "n": len(lista)}
    aciertos = [celda["acierto"] for celda in celdas.values()]
    macro = sum(aciertos) / len(aciertos) if aciertos else None
    return {"celdas": celdas, "omitidas": omitidas, "macro": macro}
