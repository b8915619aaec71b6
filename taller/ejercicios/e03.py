"""Comprobaciones de la lección 03: RMSNorm y máscara; las cuentas van aparte."""

from . import (
    e03_cuentas,  # noqa: F401  (registra los otros dos ejercicios)
    ejercicio,
    no_es_tensor,
    no_se_llama,
)
from .e03_comun import cerca


@ejercicio("03-norma")
def _(rms_norm):
    import torch

    if pista := no_se_llama(rms_norm):
        return pista
    azar = torch.Generator().manual_seed(11)
    for forma in ((2, 5, 8), (3, 6), (7,)):
        x = 3 * torch.randn(forma, generator=azar) + 1
        g = torch.rand(forma[-1], generator=azar) + 0.5
        eps = 0.1  # grande, para que se note si falta
        entrada = x.clone()
        try:
            respuesta = rms_norm(x, g, eps)
        except RuntimeError as error:
            if "must match the size" not in str(error):
                raise
            return "las formas no casan: ¿falta `keepdim=True` en la media?"
        if pista := no_es_tensor(respuesta, forma):
            return pista
        if not torch.equal(x, entrada):
            return "tu función cambia `x` por dentro: calcula en un tensor nuevo."
        media = (x * x).mean(-1, keepdim=True)
        if cerca(respuesta, x / (media + eps).sqrt() * g):
            continue
        centrada = x - x.mean(-1, keepdim=True)
        varianza = centrada.square().mean(-1, keepdim=True)
        insesgada = x.var(-1, keepdim=True)
        errores = {
            "falta dividir entre la raíz cuadrática media de cada vector.": [x * g, x],
            "falta multiplicar por el peso `g`.": [x / (media + eps).sqrt()],
            "restaste la media: eso es LayerNorm. RMSNorm usa los números tal cual.": [
                centrada / (varianza + eps).sqrt() * g,
                centrada / (insesgada + eps).sqrt() * g,
            ],
            "`var` y `std` restan la media antes de elevar al cuadrado. Aquí se "
            "promedian los cuadrados de `x`.": [
                x / (varianza + eps).sqrt() * g,
                x / (insesgada + eps).sqrt() * g,
                x / (varianza.sqrt() + eps) * g,
                x / (insesgada.sqrt() + eps) * g,
            ],
            "el `eps` va sumado a la media de los cuadrados, dentro de la raíz.": [
                x / media.sqrt() * g,
                x / (media.sqrt() + eps) * g,
            ],
            "falta la raíz cuadrada del denominador.": [x / (media + eps) * g],
            "promedia los cuadrados; no los sumes.": [
                x / ((x * x).sum(-1, keepdim=True) + eps).sqrt() * g,
                x / x.norm(dim=-1, keepdim=True) * g,
            ],
            "promediaste todo el tensor. Cada vector usa su propia media: la última "
            "dimensión, con `dim=-1`.": [x / ((x * x).mean() + eps).sqrt() * g],
        }
        for pista, malos in errores.items():
            if any(cerca(respuesta, malo) for malo in malos):
                return pista
        return (
            f"con un `x` de forma {forma} los valores no coinciden. Sigue la fórmula: "
            "cuadrados, media en la última dimensión con `keepdim=True`, más eps, raíz."
        )
    return None


@ejercicio("03-mascara")
def _(mascara):
    import torch

    if pista := no_se_llama(mascara):
        return pista
    for n, ventana in ((5, None), (6, 3), (4, 1), (3, 9), (1, None)):
        try:
            respuesta = mascara(n, ventana)
        except TypeError as error:
            if ventana is not None or "NoneType" not in str(error):
                raise
            return (
                "sin ventana (`None`) no se puede restar ni comparar: trátala aparte."
            )
        if pista := no_es_tensor(respuesta, (n, n)):
            return pista
        if respuesta.dtype != torch.bool:
            return (
                f"tu tensor es de tipo {respuesta.dtype}; debe ser booleano: cierto "
                "donde se puede ver."
            )
        respuesta = respuesta.cpu()
        fila, columna = torch.arange(n)[:, None], torch.arange(n)[None, :]
        causal = columna <= fila
        buena = causal & (fila - columna < (n if ventana is None else ventana))
        if torch.equal(respuesta, buena):
            continue
        caso = f"con n={n} y ventana={ventana}"
        if (respuesta & ~causal).any() and not torch.equal(respuesta, buena.T):
            if torch.equal(respuesta, ~causal):
                return "está al revés: cierto es lo que se puede ver, no lo prohibido."
            return f"{caso}, alguna fila ve una columna posterior, es decir, el futuro."
        if torch.equal(respuesta, buena.T):
            return "está traspuesta: la fila es quien mira; la columna, lo mirado."
        if not respuesta.diagonal().all():
            return f"{caso}, una posición no se ve a sí misma; la diagonal es cierta."
        if torch.equal(respuesta, causal):
            return "la parte causal está bien; falta cortar lo que queda muy atrás."
        if ventana is not None and torch.equal(
            respuesta, causal & (fila - columna <= ventana)
        ):
            return (
                f"{caso}, ves una posición de más: son ella misma y las "
                f"{ventana - 1} anteriores."
            )
        if ventana is not None and torch.equal(
            respuesta, causal & (fila - columna < ventana - 1)
        ):
            return f"{caso}, ves una posición de menos: la propia también cuenta."
        return f"{caso}, no coincide:\n{respuesta.int()}\nse esperaba\n{buena.int()}"
    return None
