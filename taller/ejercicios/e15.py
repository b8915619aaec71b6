"""Comprobaciones de la lección 15: el par, la pérdida de DPO y la ventaja de GRPO."""

import math

from . import ejercicio, no_es_tensor, no_se_llama
from .fallos import llamar

# destino, forma buena, forma mala, lo que debe salir, por qué
PARES = [
    ("Si cantás, te oigo.", "cantás", "cantas", "Si cantas, te oigo.", "solo cambia."),
    (
        "Cantás muy bien.",
        "cantás",
        "cantas",
        "Cantas muy bien.",
        "al comienzo la forma va con mayúscula, y la que pones también.",
    ),
    (
        "Cada día da dos vueltas.",
        "da",
        "das",
        "Cada día das dos vueltas.",
        "«da» también está dentro de «Cada»: busca la palabra entera.",
    ),
    (
        "Usted canta y el coro canta.",
        "canta",
        "cantas",
        "Usted cantas y el coro canta.",
        "se cambia solo la primera vez.",
    ),
    (
        "Aquí te sentás siempre.",
        "te sentás",
        "se sienta",
        "Aquí se sienta siempre.",
        "la forma puede traer su pronombre: son dos palabras.",
    ),
    (
        "¿Vivís en Rosario?",
        "vivís",
        "vives",
        "¿Vives en Rosario?",
        "las demás mayúsculas se quedan como están.",
    ),
    ("Mañana llueve.", "cantás", "cantas", None, "no trae la forma: no hay par."),
    (
        "Si tomabas café, avisame.",
        "toma",
        "tomas",
        None,
        "«toma» está dentro de «tomabas», no entera: no hay par.",
    ),
    ("Cantaste ayer.", "cantaste", "cantaste", None, "las dos formas son iguales."),
]


@ejercicio("15-par")
def _(rechazada):
    if pista := no_se_llama(rechazada):
        return pista
    for destino, bien, mal, debe, razon in PARES:
        dado = llamar(rechazada, destino, bien, mal)
        if dado is ...:
            return "tu función devolvió puntos suspensivos: escribe qué devuelve."
        if dado is not None and not isinstance(dado, str):
            return f"devuelve un texto o None, no un {type(dado).__name__}."
        if dado == debe:
            continue
        if debe is None:
            return f"con «{destino}» y la forma «{bien}» devuelve None: {razon}"
        if dado is None:
            return (
                f"con «{destino}» y la forma «{bien}» devolviste None, y sí hay par: "
                f"{razon}"
            )
        return f"con «{destino}» devolviste «{dado}» y es «{debe}»: {razon}"
    return None


@ejercicio("15-dpo")
def _(perdida):
    import torch

    if pista := no_se_llama(perdida):
        return pista
    buena, mala = torch.tensor([-4.0, -9.0]), torch.tensor([-6.0, -8.0])
    ref_buena, ref_mala = torch.tensor([-5.0, -10.0]), torch.tensor([-5.5, -7.0])
    dado = llamar(perdida, buena, mala, ref_buena, ref_mala, 0.5)
    if hasattr(dado, "shape") and tuple(dado.shape) == (2,):
        return "devolviste una pérdida por par: falta el promedio del lote."
    if pista := no_es_tensor(dado, ()):
        return pista

    def nota(deltas, beta=0.5):
        return -torch.nn.functional.logsigmoid(beta * deltas).mean().item()

    delta = (buena - ref_buena) - (mala - ref_mala)
    debe, dado = nota(delta), dado.item()

    def es(valor):
        return math.isclose(dado, valor, rel_tol=1e-4)

    if not es(debe):
        otras = [
            (nota(buena - mala), "falta restar la referencia a cada log-probabilidad."),
            (nota(-delta), "el signo está al revés: así se premia la rechazada."),
            (nota(delta, 1.0), "falta multiplicar por beta."),
            (-debe, "falta el signo menos: una pérdida se minimiza."),
            (2 * debe, "sumaste los pares: se promedian."),
            (
                torch.sigmoid(0.5 * delta).mean().item(),
                "eso es la probabilidad; falta su logaritmo, con signo menos.",
            ),
            (
                nota((buena + ref_buena) - (mala + ref_mala)),
                "la referencia se resta, no se suma.",
            ),
            (
                nota(delta.mean()),
                "primero la pérdida de cada par y después el promedio.",
            ),
        ]
        for valor, pista in otras:
            if es(valor):
                return pista
        return f"dio {dado:.4f} y es {debe:.4f}."
    lejos = torch.tensor([-900.0])
    cero = torch.zeros(1)
    if not torch.isfinite(llamar(perdida, lejos, cero, cero, cero, 1.0)):
        return (
            "con un par muy mal ordenado da infinito: usa `F.logsigmoid`, que no pasa "
            "por la probabilidad."
        )
    return None


@ejercicio("15-ventaja")
def _(ventajas):
    import torch

    if pista := no_se_llama(ventajas):
        return pista
    recompensas = torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0])
    dado = llamar(ventajas, recompensas, 4)
    if hasattr(dado, "shape") and tuple(dado.shape) == (2, 4):
        return "tiene forma (2, 4): devuélvela en una fila, como llegó."
    if pista := no_es_tensor(dado, (8,)):
        return pista
    grupos = recompensas.reshape(2, 4)
    centro = grupos - grupos.mean(1, keepdim=True)
    desvio = grupos.std(1, keepdim=True)
    debe = (centro / (desvio + 1e-4)).flatten()
    todas = recompensas - recompensas.mean()
    poblacion = grupos.std(1, keepdim=True, correction=0)
    cerca = {"rtol": 0, "atol": 5e-4}

    def es(valor):
        return torch.allclose(dado.float(), valor.flatten(), **cerca)

    if not es(debe):
        otras = [
            (recompensas, "son las recompensas tal cual: falta restar la media."),
            (centro, "falta dividir por la desviación de cada grupo."),
            (
                todas / (recompensas.std() + 1e-4),
                "la media y la desviación son las de cada grupo, no las de todas.",
            ),
            (todas, "resta la media de cada grupo, y divide por su desviación."),
            (
                centro / (poblacion + 1e-4),
                "la desviación es la de torch, que divide por n − 1.",
            ),
            (-debe, "el signo está al revés: la mejor debe quedar positiva."),
            (grupos / (desvio + 1e-4), "falta restar la media del grupo."),
            (centro / (desvio**2 + 1e-4), "divide por la desviación, no la varianza."),
            (
                (
                    (recompensas.reshape(4, 2) - recompensas.reshape(4, 2).mean(0))
                    / (recompensas.reshape(4, 2).std(0) + 1e-4)
                ),
                "un grupo son valores seguidos: usa `reshape(-1, por_grupo)`.",
            ),
        ]
        for valor, pista in otras:
            if es(valor):
                return pista
        return f"dio {dado.tolist()[:4]} en el primer grupo y es {debe.tolist()[:4]}."
    de_dos = torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0, 2.0])
    pares = de_dos.reshape(3, 2)
    centro = pares - pares.mean(1, keepdim=True)
    debe = centro / (pares.std(1, keepdim=True) + 1e-4)
    dado = llamar(ventajas, de_dos, 2)
    if pista := no_es_tensor(dado, (6,)):
        return pista
    if not es(debe):
        return "con grupos de 2 no sale: el tamaño llega en `por_grupo`."
    iguales = llamar(ventajas, torch.ones(4), 4)
    if not torch.equal(iguales.float(), torch.zeros(4)):
        return (
            "si todas valen lo mismo, la ventaja es 0: suma 1e-4 a la desviación para "
            "no dividir entre cero."
        )
    return None
