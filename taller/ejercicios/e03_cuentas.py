"""Comprobaciones de la lección 03: parámetros de un Llama y perplejidad."""

import re

from . import ejercicio, no_se_llama
from .e03_comun import cerca, de_cada_uno, numero


def _partes(config) -> dict[str, int]:
    """Parámetros de un Llama por parte, a partir de su configuración."""
    ancho, bloques = config.hidden_size, config.num_hidden_layers
    return {
        "tabla": config.vocab_size * ancho,
        "q": bloques * ancho * config.num_attention_heads * config.head_dim,
        "kv": bloques * 2 * ancho * config.num_key_value_heads * config.head_dim,
        "mlp": bloques * 3 * ancho * config.intermediate_size,
        "normas": bloques * 2 * ancho,
        "final": ancho,
    }


def _configuraciones() -> list:
    """Cuatro configuraciones nuevas: atada o no, con GQA o sin ella, otro head_dim."""
    from transformers import LlamaConfig

    return [
        LlamaConfig(
            vocab_size=300,
            hidden_size=ancho,
            intermediate_size=176,
            num_hidden_layers=3,
            num_attention_heads=cabezas,
            num_key_value_heads=de_kv,
            head_dim=por_cabeza,
            tie_word_embeddings=atada,
        )
        for ancho, cabezas, de_kv, por_cabeza, atada in (
            (64, 4, 4, 16, True),
            (64, 4, 4, 16, False),
            (64, 8, 2, 8, True),
            (96, 4, 2, 32, False),
        )
    ]


@ejercicio("03-parametros")
def _(parametros):
    import torch
    from transformers import AutoModelForCausalLM

    if pista := no_se_llama(parametros):
        return pista
    for config in _configuraciones():
        valor, pista = numero(parametros(config))
        if pista:
            return pista
        with torch.device("meta"):  # con forma, sin memoria
            modelo = AutoModelForCausalLM.from_config(config)
        modelo.tie_weights()  # en meta no siempre llega hecho
        bueno = sum(p.numel() for p in modelo.parameters())
        if valor == bueno:
            continue
        if pista := _error_de_cuenta(config, valor, bueno):
            return pista
        return (
            f"con vocab_size={config.vocab_size}, hidden_size={config.hidden_size}, "
            f"num_hidden_layers={config.num_hidden_layers} y "
            f"num_key_value_heads={config.num_key_value_heads} devolviste {valor:.0f}; "
            f"el modelo tiene {bueno}."
        )
    return None


def _error_de_cuenta(config, valor: float, bueno: int) -> str | None:
    """La pista del error conocido que da justo ese número."""
    p = _partes(config)
    bloques, ancho = config.num_hidden_layers, config.hidden_size
    cabezas, dh = config.num_attention_heads, config.head_dim
    como_mha = bloques * 2 * ancho * cabezas * dh
    corto = ancho // cabezas  # lo que da quien no lee head_dim
    filas = 2 * (cabezas + config.num_key_value_heads)
    errores = {
        "esa es solo la tabla de embeddings. Añade los bloques: atención, SwiGLU y "
        "normas.": [p["tabla"]],
        "las claves y los valores usan `num_key_value_heads`, que es menor cuando hay "
        "GQA.": [bueno - p["kv"] + como_mha] if como_mha != p["kv"] else [],
        "el ancho de cada cabeza es `config.head_dim`; aquí no es hidden_size entre "
        "cabezas.": [bueno - bloques * ancho * filas * (dh - corto)]
        if corto != dh
        else [],
        "SwiGLU tiene tres matrices: gate, up y down.": [
            bueno - p["mlp"] + p["mlp"] * 2 // 3
        ],
        "falta la norma que va después del último bloque.": [bueno - p["final"]],
        "faltan las normas: dos por bloque y una al final.": [
            bueno - p["final"] - p["normas"],
            bueno - p["normas"],
        ],
        "son dos normas por bloque.": [
            bueno - p["normas"] // 2,
            bueno - p["normas"] // 2 - p["final"],
        ],
        "falta una matriz de la atención: q, k, v y también la de salida, o.": [
            bueno - p["q"]
        ],
        "faltan los bloques: multiplica por `num_hidden_layers`.": [
            (bueno - p["final"]) - (p["q"] * 2 + p["kv"] + p["mlp"] + p["normas"])
            * (bloques - 1) // bloques + p["final"]
        ],
    }  # fmt: skip
    if config.tie_word_embeddings:
        pista = "aquí la tabla está atada: la salida usa la misma y se cuenta una vez."
        errores[pista] = [bueno + p["tabla"]]
    else:
        pista = "aquí la tabla no está atada: la salida tiene otra del mismo tamaño."
        errores[pista] = [bueno - p["tabla"]]
    return next((pista for pista, malos in errores.items() if valor in malos), None)


@ejercicio("03-perplejidad")
def _(perplejidad):
    import torch
    from torch.nn import functional as F

    if pista := no_se_llama(perplejidad):
        return pista
    azar = torch.Generator().manual_seed(5)
    for lote, n, vocabulario in ((3, 6, 9), (1, 4, 5), (2, 8, 30)):
        logits = 2 * torch.randn(lote, n, vocabulario, generator=azar)
        etiquetas = torch.randint(vocabulario, (lote, n), generator=azar)
        if lote > 1:
            etiquetas[0, n // 2 :] = -100
            etiquetas[-1, :2] = -100
        try:
            valor, pista = numero(perplejidad(logits.clone(), etiquetas.clone()))
        except (RuntimeError, IndexError, ValueError) as error:
            if "-100" in str(error) or "out of bounds" in str(error):
                return (
                    "-100 no es un token: aparta esas etiquetas antes de buscar con "
                    "ellas."
                )
            if re.search(
                r"target size|batch_size|target batch|class dimension", str(error)
            ):
                return (
                    "`cross_entropy` quiere los logits en (N, V) y las etiquetas en "
                    "(N,): corre primero y aplana después, con `.flatten(0, 1)` y "
                    "`.flatten()`."
                )
            raise
        if pista:
            return pista
        if valor == 0:
            return (
                "devolvió 0. Corre una posición, busca la log-probabilidad de cada "
                "etiqueta, promedia y toma la exponencial."
            )

        def costo(uno, otro, **opciones):
            return F.cross_entropy(uno.flatten(0, 1), otro.flatten(), **opciones)

        bien = costo(logits[:, :-1], etiquetas[:, 1:])
        if cerca(valor, bien.exp().item()):
            continue
        por_fila = [
            F.cross_entropy(uno[:-1], otra[1:])
            for uno, otra in zip(logits, etiquetas, strict=True)
        ]
        suma = costo(logits[:, :-1], etiquetas[:, 1:], reduction="sum")
        logp = logits.log_softmax(-1)
        tramposas = etiquetas % vocabulario  # -100 como índice desde el final
        con_relleno = costo(logits[:, :-1], tramposas[:, 1:])
        en_cero = costo(logits[:, :-1], etiquetas.clamp(min=0)[:, 1:])
        todas = suma / etiquetas[:, 1:].numel()
        errores = {
            "esa es la pérdida; falta la exponencial.": [bien],
            "el signo está al revés: la pérdida es menos la media de los logaritmos.": [
                (-bien).exp(), -bien,
            ],
            "no corriste: los logits de una posición predicen el token que sigue. "
            "Compara `logits[:, :-1]` con `etiquetas[:, 1:]`.": [
                costo(logits, etiquetas).exp()
            ],
            "corriste al revés: `logits[:, :-1]` con `etiquetas[:, 1:]`.": [
                costo(logits[:, 1:], etiquetas[:, :-1]).exp()
            ],
            "promediaste por fila y luego entre filas. Todos los tokens que cuentan "
            "pesan igual: un solo promedio.": [
                torch.stack(por_fila).mean().exp(),
                torch.stack([uno.exp() for uno in por_fila]).mean(),
            ],
            "las etiquetas con -100 no deben contar, ni en la suma ni en la cuenta.": [
                con_relleno.exp(), en_cero.exp(), todas.exp(),
            ],
            "usaste la suma; la perplejidad usa la media por token.": [suma.exp()],
            "usas base 2 en un lado y base e en el otro.": [
                2**bien, (bien / torch.log(torch.tensor(2.0))).exp(),
            ],
            "faltó la softmax: los logits todavía no son log-probabilidades.": [
                (-de_cada_uno(logits, etiquetas).mean()).exp(),
            ],
            "promediaste las probabilidades; promedia sus logaritmos.": [
                1 / de_cada_uno(logp, etiquetas).exp().mean(),
            ],
        }  # fmt: skip
        for pista, malos in errores.items():
            if any(cerca(valor, float(malo)) for malo in malos):
                return pista
        return f"con otros logits devolviste {valor:.4g}; se esperaba {bien.exp():.4g}."
    return None
