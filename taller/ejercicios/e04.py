"""Comprobaciones de la lección 04: parada, min-p, un paso con caché y sus bytes."""

from . import ejercicio, no_se_llama


@ejercicio("04-parada")
def _(respuesta):
    if pista := no_se_llama(respuesta):
        return pista
    casos = [
        ([5, 6, 7, 8], {2}, 3, [5, 6, 7], "sin token de fin manda el tope."),
        ([5, 6, 2, 8, 2], {2}, 9, [5, 6], "para en el primer token de fin."),
        ([5, 9, 8, 2], [2, 9], 9, [5], "puede haber varios tokens de fin."),
        ([2, 5], {2}, 9, [], "si el fin sale primero, no se muestra nada."),
        ([5, 6, 7, 2], {2}, 2, [5, 6], "el tope llega antes que el fin."),
        ([5, 0, 7], {2}, 9, [5, 0, 7], "el token 0 es un token como los demás."),
        ([], {2}, 9, [], "una lista vacía da una lista vacía."),
    ]
    for nuevos, fines, tope, esperado, razon in casos:
        recibidos = list(nuevos)
        dada = respuesta(recibidos, fines.copy(), tope)
        if dada is None or dada is ...:
            return "tu función no devolvió una lista. ¿Falta `return`?"
        if not isinstance(dada, (list, tuple)):
            return f"devolviste un {type(dada).__name__}; se pide una lista de tokens."
        if recibidos != nuevos:
            return "tu función cambia la lista que recibe: arma una nueva."
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
        recibidos = logits.clone()
        try:
            dada = respuesta(recibidos, m)
        except RuntimeError as error:
            if "must match the size" not in str(error):
                raise
            return "el máximo de cada fila perdió una dimensión: usa `keepdim=True`."
        if not isinstance(dada, torch.Tensor) or dada.shape != logits.shape:
            return "devuelve un tensor de logits con la misma forma que el recibido."
        if not torch.equal(recibidos, logits):
            return (
                "tu función cambia los logits que recibe: usa `masked_fill`, que da un "
                "tensor nuevo, y no `masked_fill_`."
            )
        if dada.dtype == torch.bool:
            return "devuelve un tensor de logits, no cuáles se quedan."
        if torch.allclose(dada.sum(-1), torch.ones(len(dada)), atol=1e-4):
            return "devolviste probabilidades; los que quedan deben conservar su logit."
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


def _paso_mal(q, k, v, claves, valores) -> dict[str, list]:
    """Lo que da cada error típico de un paso con caché: {pista: salidas}."""
    import torch

    todas, todos = torch.cat([claves, k]), torch.cat([valores, v])
    ancho = q.shape[-1]

    def salida(puntajes, que=todos):
        return puntajes.softmax(-1) @ que

    crudos = q @ todas.T
    errores = {
        "falta dividir los puntajes entre √d, con d el ancho de `q`.": [salida(crudos)],
        "divides entre d; es entre su raíz cuadrada.": [salida(crudos / ancho)],
        "divides entre la raíz del ancho de `v`; es la del ancho de `q`.": [
            salida(crudos / v.shape[-1] ** 0.5)
        ],
        "falta la softmax.": [crudos / ancho**0.5 @ todos, crudos @ todos],
        "la softmax va sobre las claves: dim=-1.": [
            (crudos / ancho**0.5).softmax(0) @ todos
        ],
        "usaste `k` como consulta; la consulta es `q`.": [
            salida(k @ todas.T / ancho**0.5)
        ],
        "el token nuevo se mira solo a sí mismo: usa también lo guardado.": [v],
    }
    if len(claves):
        errores["el token nuevo también se ve a sí mismo: guarda `k` y `v` antes."] = [
            salida(q @ claves.T / ancho**0.5, valores)
        ]
    return errores


@ejercicio("04-paso")
def _(paso):
    import torch

    if pista := no_se_llama(paso):
        return pista
    azar = torch.Generator().manual_seed(6)
    for t, d, dv in ((3, 4, 6), (0, 4, 6), (5, 8, 3)):
        q, k, claves = (torch.randn(n, d, generator=azar) for n in (1, 1, t))
        v, valores = (torch.randn(n, dv, generator=azar) for n in (1, t))
        todo = q, k, v, claves, valores
        recibido = [x.clone() for x in todo]
        try:
            dado = paso(*recibido)
        except RuntimeError as error:
            if "Sizes of tensors must match" not in str(error):
                raise
            return (
                "las filas de la caché son los tokens: `torch.cat` une por dim=0, que "
                "es lo que hace si no dices nada."
            )
        if dado is None or dado is ...:
            return "tu función no devolvió nada. ¿Falta `return`?"
        if not isinstance(dado, (tuple, list)) or len(dado) != 3:
            return (
                "se piden tres tensores: `return salida, claves, valores`. Sin la "
                "caché nueva, el paso siguiente no sabría nada de este."
            )
        if any(not torch.equal(x, y) for x, y in zip(recibido, todo, strict=True)):
            return "tu función cambia los tensores que recibe: arma otros con `cat`."
        salida, nuevas, nuevos = dado
        caso = f"con {t} tokens guardados"
        buenas, buenos = torch.cat([claves, k]), torch.cat([valores, v])
        guardado = (
            ("claves", nuevas, buenas, claves, k),
            ("valores", nuevos, buenos, valores, v),
        )
        for nombre, suya, buena, vieja, una in guardado:
            if not isinstance(suya, torch.Tensor):
                return (
                    f"{caso} la caché de {nombre} es un {type(suya).__name__}; debe "
                    "ser un tensor."
                )
            if torch.equal(suya, buena):
                continue
            if torch.equal(suya, vieja):
                return (
                    f"{caso} devuelves la caché de {nombre} de antes: falta añadir el "
                    "nuevo."
                )
            if torch.equal(suya, torch.cat([una, vieja])):
                return f"{caso} el token nuevo va al final de la caché, no al comienzo."
            if torch.equal(suya, una):
                return f"{caso} pierdes lo guardado: añade el token, no lo reemplaces."
            return (
                f"{caso} tu caché de {nombre} tiene forma {tuple(suya.shape)} y "
                f"debe ser lo guardado más lo nuevo: {tuple(buena.shape)}."
            )
        if isinstance(salida, torch.Tensor) and salida.shape == (dv,):
            salida = salida[None]
        if not isinstance(salida, torch.Tensor) or salida.shape != (1, dv):
            forma = tuple(getattr(salida, "shape", ()))
            return (
                f"{caso} la salida tiene forma {forma}; es una fila, (1, {dv}): un "
                "promedio de los valores."
            )
        buena = (q @ buenas.T / d**0.5).softmax(-1) @ buenos
        if torch.allclose(salida, buena, atol=1e-5):
            continue
        for pista, malas in _paso_mal(*todo).items():
            if any(torch.allclose(salida, mala, atol=1e-5) for mala in malas):
                return pista
        return (
            f"{caso} la caché está bien y la salida no. Puntajes de `q` con todas las "
            "claves, entre √d, softmax y promedio de los valores."
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
            buena * consultas / kv: "cuentan las cabezas KV, no las de consulta; y el "
            "ancho de cada una es `hidden_size` entre las de consulta.",
            buena * 8: "se piden bytes, no bits.",
            buena / 2**10: "se piden bytes, sin pasar a KiB ni a MiB.",
            buena / 2**20: "se piden bytes, sin pasar a KiB ni a MiB.",
            2 * capas * kv * (ancho // consultas) * 11 * 2: "si la configuración trae "
            "`head_dim`, úsalo: no siempre es el ancho entre las cabezas.",
        }
        return errores.get(
            dada, f"con {config} y 11 tokens de 2 bytes dio {dada!r}; son {buena}."
        )
    doble = respuesta(dict(uno), 22, 4)
    if doble != 2 * 5 * 3 * 64 * 22 * 4:
        return "al cambiar los tokens y los bytes por número el resultado no cuadra."
    return None
