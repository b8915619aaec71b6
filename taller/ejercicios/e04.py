"""Comprobaciones de la lección 04: parada, min-p, núcleo y bytes de la caché."""

from . import ejercicio, no_se_llama


@ejercicio("04-parada")
def _(respuesta):
    if pista := no_se_llama(respuesta):
        return pista
    casos = [
        ([5, 6, 7, 8], {2}, 3, [5, 6, 7], "sin token de fin manda el tope."),
        ([5, 6, 2, 8, 2], {2}, 9, [5, 6], "para en el primer token de fin."),
        ([5, 9, 2, 8], [2, 9], 9, [5], "puede haber varios tokens de fin."),
        ([2, 5], {2}, 9, [], "si el fin sale primero, no se muestra nada."),
        ([5, 6, 7, 2], {2}, 2, [5, 6], "el tope llega antes que el fin."),
        ([5, 0, 7], {2}, 9, [5, 0, 7], "el token 0 es un token como los demás."),
        ([], {2}, 9, [], "una lista vacía da una lista vacía."),
    ]
    for nuevos, fines, tope, esperado, razon in casos:
        dada = respuesta(list(nuevos), fines, tope)
        if dada is None or dada is ...:
            return "tu función no devolvió una lista. ¿Falta `return`?"
        dada = list(dada)
        if dada == esperado:
            continue
        if dada and dada[-1] in fines and dada[:-1] == esperado:
            return "el token de fin no se muestra: para justo antes de él."
        return (
            f"con {nuevos}, fines {sorted(fines)} y tope {tope} devolviste {dada}; "
            f"se esperaba {esperado}: {razon}"
        )
    return None


@ejercicio("04-min-p")
def _(respuesta):
    import torch
    from transformers import MinPLogitsWarper

    if pista := no_se_llama(respuesta):
        return pista
    azar = torch.Generator().manual_seed(11)
    logits = 3 * torch.randn(4, 50, generator=azar)
    logits[3] = torch.linspace(0, 0.1, 50)  # una fila casi plana
    for m in (0.05, 0.3, 1.0):
        try:
            dada = respuesta(logits.clone(), m)
        except RuntimeError as error:
            if "must match the size" not in str(error):
                raise
            return "el máximo de cada fila perdió una dimensión: usa `keepdim=True`."
        if not isinstance(dada, torch.Tensor) or dada.shape != logits.shape:
            return "devuelve un tensor de logits con la misma forma que el recibido."
        buena = MinPLogitsWarper(m)(None, logits)
        if torch.equal(dada, buena):
            continue
        p = logits.softmax(-1)
        if torch.equal(dada.isfinite(), p > m * p.amax(-1, keepdim=True)):
            return "el que iguala el corte se queda: quita solo los menores."
        if torch.equal(dada.isfinite(), p >= m):
            return (
                "el corte no es m, sino m veces la probabilidad del más probable de "
                "cada fila."
            )
        if torch.equal(dada.isfinite(), p >= m * p.max()):
            return "cada fila tiene su propio máximo: usa `dim=-1` y `keepdim=True`."
        if torch.equal(dada.isfinite(), logits >= m * logits.amax(-1, keepdim=True)):
            return "compara probabilidades, no logits: falta la softmax."
        if torch.equal(dada.isfinite(), buena.isfinite()):
            return "el corte está bien, pero los que quedan deben conservar su logit."
        return (
            f"con m = {m} dejas {int(dada[0].isfinite().sum())} tokens en la primera "
            f"fila y deben quedar {int(buena[0].isfinite().sum())}."
        )
    return None


@ejercicio("04-nucleo")
def _(respuesta):
    if pista := no_se_llama(respuesta):
        return pista
    casos = [
        ([0.125, 0.5, 0.25, 0.125], 0.7, 2, "0,5 y 0,25 suman 0,75: bastan dos."),
        ([0.25, 0.5, 0.25], 0.5, 1, "el primero ya suma 0,5: llega justo."),
        ([0.1, 0.2, 0.7], 0.1, 1, "el más probable entra aunque pase de largo."),
        ([0.3, 0.3, 0.4], 0.0, 1, "con p = 0 también queda uno."),
        ([0.25] * 4, 1.0, 4, "con p = 1 hacen falta todos."),
        ([0.25] * 4, 0.6, 3, "dos suman 0,5, que no llega; el tercero entra."),
    ]
    for lista, p, esperado, razon in casos:
        dado = respuesta(list(lista), p)
        if dado is None or dado is ...:
            return "tu función no devolvió un número. ¿Falta `return`?"
        if dado == esperado:
            continue
        if dado == 0:
            return (
                f"con p = {p} no dejas ningún token, y no habría qué sortear: siempre "
                "queda al menos uno."
            )
        return (
            f"con {lista} y p = {p} devolviste {dado!r}; se esperaba {esperado}: "
            f"{razon} Recuerda ordenar de mayor a menor."
        )
    return None


@ejercicio("04-bytes-cache")
def _(respuesta):
    if pista := no_se_llama(respuesta):
        return pista
    nombres = ("num_hidden_layers", "num_attention_heads", "num_key_value_heads")
    uno = dict(zip(nombres, (5, 12, 3), strict=True)) | {"hidden_size": 768}
    otro = dict(zip(nombres, (7, 16, 4), strict=True))
    otro |= {"hidden_size": 1024, "head_dim": 128}
    for config, cabeza in ((uno, 64), (otro, 128)):
        capas, consultas, kv = (config[n] for n in nombres)
        buena = 2 * capas * kv * cabeza * 11 * 2
        try:
            dada = respuesta(dict(config), 11, 2)
        except KeyError as error:
            if "head_dim" not in str(error):
                raise
            return "algunas configuraciones no traen `head_dim`: calcúlalo si falta."
        if dada is None or dada is ...:
            return "tu función no devolvió un número. ¿Falta `return`?"
        if dada == buena:
            continue
        ancho = config["hidden_size"]
        errores = {
            buena / 2: "falta un factor 2: se guardan claves **y** valores, o los "
            "bytes de cada número.",
            buena / 11: "falta multiplicar por los tokens.",
            buena / capas: "falta multiplicar por las capas.",
            buena * consultas / kv: "cuentan las cabezas KV, no las de consulta.",
            buena * 8: "se piden bytes, no bits.",
            buena / 2**10: "se piden bytes, sin pasar a KiB ni a MiB.",
            buena / 2**20: "se piden bytes, sin pasar a KiB ni a MiB.",
            2 * capas * kv * (ancho // consultas) * 11 * 2: "si la configuración trae "
            "`head_dim`, úsalo: no siempre es el ancho entre las cabezas.",
            2 * capas * kv * (ancho // kv) * 11 * 2: "el ancho se divide entre las "
            "cabezas de consulta.",
        }
        return errores.get(
            dada, f"con {config} y 11 tokens de 2 bytes dio {dada!r}; son {buena}."
        )
    doble = respuesta(dict(uno), 22, 4)
    if doble != 2 * 5 * 3 * 64 * 22 * 4:
        return "al cambiar los tokens y los bytes por número el resultado no cuadra."
    return None
