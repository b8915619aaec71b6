"""Comprobaciones de la lección 08: energía, parámetros de LoRA y fusión."""

from . import ejercicio


def _numero(valor, que: str) -> str | None:
    """Pista cuando no llega un entero."""
    if valor is None or valor is ...:
        return f"la función todavía no devuelve nada; se pide {que}."
    try:
        if int(valor) != valor:
            return f"devolviste {valor!r}; se pide {que}, un número entero."
    except (TypeError, ValueError):
        return f"devolviste un {type(valor).__name__}; se pide {que}, un entero."
    return None


@ejercicio("08-rango-energia")
def _(rango_para):
    import torch

    casos = [
        ([3.0, 1.0, 1.0, 1.0], 0.7),
        ([2.0, 2.0, 1.0], 0.5),
        ([5.0, 4.0, 3.0, 2.0, 1.0], 0.9),
        ([1.0, 1.0, 1.0, 1.0], 1.0),
        ([10.0, 0.1], 0.9),
    ]
    for lista, parte in casos:
        valores = torch.tensor(lista)
        dado = rango_para(valores, parte)
        if pista := _numero(dado, "el rango"):
            return pista
        cuadrados = [v * v for v in lista]

        def primero(pesos, parte=parte):
            suma = 0.0
            for i, peso in enumerate(pesos, 1):
                suma += peso
                if suma >= parte * sum(pesos) - 1e-6:
                    return i
            return len(pesos)

        bueno = primero(cuadrados)
        if dado == bueno:
            continue
        if dado == len(lista):
            return "devolviste todos; busca el menor rango que alcanza la parte pedida."
        if dado == primero(lista):
            return "sumaste los valores singulares; la energía suma sus cuadrados."
        if dado == bueno - 1:
            return (
                f"con {lista} y {parte} dijiste {int(dado)}: te falta uno. Las "
                "posiciones de Python empiezan en 0 y los rangos, en 1."
            )
        if dado == bueno + 1:
            return (
                f"con {lista} y {parte} dijiste {int(dado)}: sobra uno. Basta con "
                "llegar a la parte pedida; no hay que pasarla."
            )
        return f"con {lista} y {parte} dijiste {int(dado)} y es {bueno}."
    return None


@ejercicio("08-entrenables")
def _(entrenables):
    formas = {
        "bloque.0.q_proj": (64, 96),
        "bloque.0.v_proj": (64, 32),
        "bloque.0.down_proj": (160, 64),
        "bloque.1.q_proj": (64, 96),
    }

    def bueno(capas, r):
        usadas = [f for n, f in formas.items() if n.rsplit(".", 1)[1] in capas]
        return sum(r * (e + s) for e, s in usadas)

    for capas, r in ((["q_proj"], 4), (["q_proj", "v_proj"], 8), (["down_proj"], 1)):
        dado = entrenables(dict(formas), list(capas), r)
        if pista := _numero(dado, "cuántos números se entrenan"):
            return pista
        if dado == bueno(capas, r):
            continue
        todas = [n.rsplit(".", 1)[1] for n in formas]
        if dado == bueno(todas, r):
            return "contaste todas las matrices; quédate con las de la lista `capas`."
        if r * dado == bueno(capas, r):
            return "falta multiplicar por el rango."
        usadas = [f for n, f in formas.items() if n.rsplit(".", 1)[1] in capas]
        if dado == sum(e * s for e, s in usadas):
            return "esos son los pesos de las matrices; cuenta los de A y los de B."
        if dado == sum(r * e * s for e, s in usadas):
            return "A y B son dos matrices aparte: sus tamaños se suman."
        if dado in (sum(r * e for e, _ in usadas), sum(r * s for _, s in usadas)):
            return "contaste solo una de las dos: A mira la entrada y B, la salida."
        if dado == 0:
            return (
                "salió 0: los nombres son largos, como «bloque.0.q_proj». Compara el "
                "final del nombre."
            )
        if len(usadas) > 1 and dado == r * sum(usadas[0]):
            return "contaste una sola matriz: hay una por bloque."
        return f"con {capas} y rango {r} dijiste {dado} y es {bueno(capas, r)}."
    return None


@ejercicio("08-fusionar")
def _(fusionar):
    import torch

    azar = torch.Generator().manual_seed(8)
    for sal, ent, r, alfa in ((6, 10, 2, 5), (5, 5, 4, 8)):
        W, A, B = (
            torch.randn(*forma, generator=azar, dtype=torch.float64)
            for forma in ((sal, ent), (r, ent), (sal, r))
        )
        antes = W.clone()
        try:
            dada = fusionar(W, A, B, alfa, r)
        except RuntimeError as error:
            if "size" in str(error) or "shape" in str(error):
                return (
                    "las formas no encajan: B es (salida, r) y A es (r, entrada), así "
                    "que el producto es B @ A."
                )
            raise
        if not isinstance(dada, torch.Tensor):
            return f"devolviste un {type(dada).__name__}; se pide una matriz."
        if not torch.equal(W, antes):
            return "cambiaste W por dentro: suma sin modificar la matriz que recibes."
        if dada.shape != W.shape:
            return f"tu matriz tiene forma {tuple(dada.shape)}, no {tuple(W.shape)}."

        def es(escala, dada=dada, W=W, A=A, B=B):
            return torch.allclose(dada, W + escala * B @ A)

        if es(alfa / r):
            continue
        if torch.allclose(dada, W):
            return "devolviste W sin el adaptador: falta sumar la corrección."
        if es(1):
            return "falta la escala: la corrección se multiplica por alfa entre r."
        if es(alfa):
            return "multiplicaste por alfa; falta dividir entre r."
        if es(alfa / r**0.5):
            return "esa es la escala de rsLoRA; aquí se pide alfa entre r."
        if es(alfa // r):
            return "usaste la división entera; la escala es alfa / r."
        if torch.allclose(dada, alfa / r * B @ A):
            return "esa es solo la corrección; falta sumarla a W."
        if sal == ent and torch.allclose(dada, W + alfa / r * (B @ A).T):
            return "la corrección va sin trasponer."
        return "la matriz no es W más alfa / r por B @ A. Revisa signo y escala."
    return None
