"""Los ejercicios de la lección 04: respuestas buenas, y errores con su pista."""

import math
from itertools import takewhile

import torch
from respuestas import pruebas_de

INF = float("-inf")


def _parar(nuevos, fines, tope):
    visibles = []
    for token in nuevos[:tope]:
        if token in fines:
            break
        visibles.append(token)
    return visibles


def _parar_con_indice(nuevos, fines, tope):
    donde = [i for i, token in enumerate(nuevos) if token in fines]
    return nuevos[: min([tope, *donde])]


def _vacia_la_lista(nuevos, fines, tope):
    visibles = _parar(nuevos, fines, tope)
    nuevos.clear()
    return visibles


def _con_el_fin(nuevos, fines, tope):
    visibles = _parar(nuevos, fines, tope)
    return nuevos[: min(len(visibles) + 1, tope)]


def _min_p(z, m):
    p = z.softmax(-1)
    return z.masked_fill(p < m * p.amax(-1, keepdim=True), INF)


def _min_p_con_logaritmos(z, m):
    corte = z.amax(-1, keepdim=True) + math.log(m)
    return torch.where(z < corte - 1e-6, INF, z)


def _min_p_por_filas(z, m):
    filas = []
    for fila in z:
        p = torch.softmax(fila, 0)
        filas.append(torch.where(p >= m * p.max(), fila, torch.tensor(INF)))
    return torch.stack(filas)


def _min_p_en_el_sitio(z, m):
    p = z.softmax(-1)
    return z.masked_fill_(p < m * p.amax(-1, keepdim=True), INF)


def _paso(q, k, v, claves, valores):
    claves, valores = torch.cat([claves, k]), torch.cat([valores, v])
    pesos = (q @ claves.T / q.shape[-1] ** 0.5).softmax(-1)
    return pesos @ valores, claves, valores


def _paso_con_sdpa(q, k, v, claves, valores):
    claves, valores = torch.vstack([claves, k]), torch.vstack([valores, v])
    salida = torch.nn.functional.scaled_dot_product_attention(q, claves, valores)
    return salida, claves, valores


def _paso_con_listas(q, k, v, claves, valores):
    claves, valores = torch.stack([*claves, k[0]]), torch.stack([*valores, v[0]])
    e = [math.exp(float(q[0] @ c) / math.sqrt(len(c))) for c in claves]
    return (
        sum(x / sum(e) * fila for x, fila in zip(e, valores, strict=True)),
        claves,
        valores,
    )


def _sin_verse(q, k, v, claves, valores):
    pesos = (q @ claves.T / q.shape[-1] ** 0.5).softmax(-1)
    return pesos @ valores, torch.cat([claves, k]), torch.cat([valores, v])


def _otro(divisor=None, dim=-1, consulta=None):
    def paso(q, k, v, claves, valores):
        q = k if consulta == "k" else q
        claves, valores = torch.cat([claves, k]), torch.cat([valores, v])
        s = q @ claves.T / (divisor(q, v) if divisor else q.shape[-1] ** 0.5)
        return (s.softmax(dim) if dim is not None else s) @ valores, claves, valores

    return paso


def _al_comienzo(q, k, v, claves, valores):
    salida = _paso(q, k, v, claves, valores)[0]
    return salida, torch.cat([k, claves]), torch.cat([v, valores])


def _en_el_sitio(q, k, v, claves, valores):
    salida = _paso(q, k, v, claves, valores)
    q /= 2
    return salida


def _bytes(c, tokens, b, doble=2, kv="num_key_value_heads"):
    ancho = c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]
    return doble * c["num_hidden_layers"] * c[kv] * ancho * tokens * b


def _bytes_con_in(config, tokens, bytes_por_numero):
    if "head_dim" in config:
        ancho = config["head_dim"]
    else:
        ancho = config["hidden_size"] / config["num_attention_heads"]
    total = 0
    for _ in range(config["num_hidden_layers"]):
        total += (ancho + ancho) * config["num_key_value_heads"]
    return total * tokens * bytes_por_numero


def _bytes_por_tensor(config, tokens, bytes_por_numero):
    ancho = config.get(
        "head_dim", config["hidden_size"] // config["num_attention_heads"]
    )
    forma = (config["num_hidden_layers"], config["num_key_value_heads"], tokens, ancho)
    return 2 * math.prod(forma) * bytes_por_numero


BUENAS = [
    ("04-parada", _parar),
    ("04-parada", _parar_con_indice),
    ("04-parada", lambda n, f, t: [*takewhile(lambda x: x not in f, n[:t])]),
    ("04-min-p", _min_p),
    ("04-min-p", _min_p_con_logaritmos),
    ("04-min-p", _min_p_por_filas),
    ("04-paso", _paso),
    ("04-paso", _paso_con_sdpa),
    ("04-paso", _paso_con_listas),
    ("04-bytes-cache", _bytes),
    ("04-bytes-cache", _bytes_con_in),
    ("04-bytes-cache", _bytes_por_tensor),
]
ERRORES = [
    ("04-parada", lambda n, f, t: n[:t], "primer token de fin"),
    ("04-parada", lambda n, f, t: [x for x in n[:t] if x not in f], "primer token"),
    ("04-parada", _con_el_fin, "no se muestra"),
    ("04-parada", lambda n, f, t: _parar(n, f, len(n)), "manda el tope"),
    ("04-parada", lambda n, f, t: _parar(n, f, t + 1), "manda el tope"),
    ("04-parada", lambda n, f, t: _parar(n, {2}, t), "varios tokens"),
    ("04-parada", lambda n, f, t: n[: n.index(min(f))], "no sirve"),
    ("04-parada", lambda n, f, t: _parar(n, f, t) or None, "return"),
    ("04-parada", _vacia_la_lista, "cambia la lista"),
    ("04-parada", lambda n, f, t: len(_parar(n, f, t)), "una lista"),
    (
        "04-parada",
        lambda n, f, t: [*takewhile(lambda x: x and x not in f, n[:t])],
        "el token 0",
    ),
    (
        "04-min-p",
        lambda z, m: z.masked_fill(z.softmax(-1) < m, INF),
        "el corte no es m",
    ),
    (
        "04-min-p",
        lambda z, m: z.masked_fill(z.softmax(-1) < m * z.softmax(-1).max(), INF),
        "su propio máximo",
    ),
    (
        "04-min-p",
        lambda z, m: z.masked_fill(z.softmax(-1) < m * z.softmax(-1).amax(-1), INF),
        "keepdim",
    ),
    (
        "04-min-p",
        lambda z, m: z.masked_fill(z < m * z.amax(-1, keepdim=True), INF),
        "no logits",
    ),
    ("04-min-p", lambda z, m: _min_p(z, m).softmax(-1), "conservar su logit"),
    ("04-min-p", lambda z, m: _min_p(z, m).isfinite(), "un tensor de logits"),
    ("04-min-p", lambda z, m: _min_p(z, 0.05), "deben quedar"),
    (
        "04-min-p",
        lambda z, m: z.masked_fill(
            z.softmax(-1) <= m * z.softmax(-1).amax(-1, True), INF
        ),
        "iguala el corte",
    ),
    ("04-min-p", _min_p_en_el_sitio, "masked_fill_"),
    ("04-min-p", lambda z, m: _min_p(z, m).tolist(), "un tensor"),
    ("04-min-p", lambda z, m: z.masked_fill(z.softmax(0) < m, INF), "deben quedar"),
    ("04-paso", _sin_verse, "también se ve a sí mismo"),
    ("04-paso", _otro(lambda q, v: 1), "√d"),
    ("04-paso", _otro(lambda q, v: q.shape[-1]), "raíz cuadrada"),
    ("04-paso", _otro(lambda q, v: v.shape[-1] ** 0.5), "ancho de `v`"),
    ("04-paso", _otro(dim=0), "sobre las claves"),
    ("04-paso", _otro(dim=None), "falta la softmax"),
    ("04-paso", _otro(consulta="k"), "la consulta es `q`"),
    ("04-paso", _al_comienzo, "al final"),
    ("04-paso", _en_el_sitio, "cambia los tensores"),
    ("04-paso", lambda q, k, v, c, w: _paso(q, k, v, c, w)[0], "tres tensores"),
    ("04-paso", lambda q, k, v, c, w: (_paso(q, k, v, c, w)[0], c, w), "el nuevo"),
    ("04-paso", lambda q, k, v, c, w: (v, k, v), "pierdes lo guardado"),
    ("04-paso", lambda q, k, v, c, w: (v, *_paso(q, k, v, c, w)[1:]), "a sí mismo"),
    ("04-paso", lambda q, k, v, c, w: torch.cat([c, k], dim=1), "dim=0"),
    ("04-paso", lambda q, k, v, c, w: c.append(k), "«append»"),
    ("04-bytes-cache", lambda c, t, b: _bytes(c, t, b, 1), "claves **y** valores"),
    ("04-bytes-cache", lambda c, t, b: _bytes(c, 1, b), "por los tokens"),
    ("04-bytes-cache", lambda c, t, b: _bytes(c, t, 2), "no cuadra"),
    (
        "04-bytes-cache",
        lambda c, t, b: _bytes(c, t, b, kv="num_attention_heads"),
        "cabezas KV",
    ),
    ("04-bytes-cache", lambda c, t, b: 8 * _bytes(c, t, b), "no bits"),
    ("04-bytes-cache", lambda c, t, b: _bytes(c, t, b) / 2**10, "sin pasar a KiB"),
    ("04-bytes-cache", lambda c, t, b: c["head_dim"], "calcúlalo si falta"),
    ("04-bytes-cache", lambda c, t, b: c["n_layers"] * t, "'n_layers'"),
    ("04-bytes-cache", lambda c, t, b: _bytes({**c, "head_dim": 0}, t, b), "úsalo"),
    ("04-bytes-cache", lambda c, t, b: c.head_dim * t, "«head_dim»"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
