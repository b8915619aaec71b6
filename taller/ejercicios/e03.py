"""Comprobaciones de la lección 03: RMSNorm y atención; las cuentas van aparte."""

import re

from . import (
    e03_cuentas,  # noqa: F401  (registra los otros dos ejercicios)
    ejercicio,
    no_es_tensor,
    no_se_llama,
)
from .e03_comun import cerca

# Lo que dice torch de una máscara que no es de cierto o falso.
MASCARA = re.compile(r"boolean masks|operator\.invert")
NO_ES_MASCARA = (
    "la máscara debe ser de cierto o falso: compárala con un número, como en "
    "`torch.ones(n, n).tril() == 0`."
)


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
        entrada, peso = x.clone(), g.clone()
        try:
            respuesta = rms_norm(entrada, peso, eps)
        except RuntimeError as error:
            if "must match the size" not in str(error):
                raise
            return "las formas no casan: ¿falta `keepdim=True` en la media?"
        if pista := no_es_tensor(respuesta, forma):
            return pista
        if not (torch.equal(x, entrada) and torch.equal(g, peso)):
            return "tu función cambia `x` o `g` por dentro: calcula en un tensor nuevo."
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


def _atencion_mal(q, k, v) -> dict[str, list]:
    """Lo que da cada error típico de la atención causal: {pista: resultados}."""
    import torch

    n, ancho = q.shape[-2], q.shape[-1]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    crudos = q @ k.transpose(-1, -2)
    s = crudos / ancho**0.5

    def con(puntajes, visible=causal, dim=-1):
        return puntajes.masked_fill(~visible, -torch.inf).softmax(dim)

    despues = s.softmax(-1) * causal
    return {
        "falta dividir los puntajes entre √d, el ancho de `q`.": [con(crudos) @ v],
        "divides entre d; es entre su raíz cuadrada.": [con(crudos / ancho) @ v],
        "divides entre la raíz del número de posiciones; es la del ancho de `q`, su "
        "última dimensión.": [con(crudos / n**0.5) @ v],
        "divides entre la raíz del ancho de `v`; es la del ancho de `q`.": [
            con(crudos / v.shape[-1] ** 0.5) @ v
        ],
        "multiplicas por √d; se divide.": [con(crudos * ancho**0.5) @ v],
        "falta la máscara: cada posición ve también las que siguen.": [
            s.softmax(-1) @ v
        ],
        "la máscara está al revés: se ve lo anterior, no lo que sigue.": [
            con(s, causal.T) @ v
        ],
        "pusiste 0 en los puntajes prohibidos, y la exponencial de 0 es 1. Hace falta "
        "−∞.": [(s * causal).softmax(-1) @ v],
        "tapaste después de la softmax y los pesos ya no suman 1: la máscara va "
        "antes.": [despues @ v],
        "la softmax va por filas: cada consulta reparte 1 entre sus claves, dim=-1.": [
            con(s, dim=-2).nan_to_num() @ v, con(s, dim=-2) @ v,
        ],
        "faltan la softmax y sus pesos: esos son puntajes por valores.": [
            (s * causal) @ v, s @ v,
        ],
        "la consulta y la clave están cambiadas: la fila es quien mira.": [
            con(s.transpose(-1, -2)) @ v
        ],
    }  # fmt: skip


@ejercicio("03-atencion")
def _(atender):
    import torch
    from torch.nn import functional as F

    if pista := no_se_llama(atender):
        return pista
    azar = torch.Generator().manual_seed(4)
    casos = (
        ((), 3, 4, 2, 1),
        ((2,), 5, 8, 3, 1),
        ((2, 3), 4, 6, 6, 1),
        ((), 4, 4, 5, 30),
    )
    for lote, n, d, dv, escala in casos:
        q, k, v = (
            escala * torch.randn(*lote, n, ancho, generator=azar)
            for ancho in (d, d, dv)
        )
        recibidos = q.clone(), k.clone(), v.clone()
        try:
            dada = atender(*recibidos)
        except (RuntimeError, IndexError) as error:
            if MASCARA.search(str(error)):
                return NO_ES_MASCARA
            if lote:
                return (
                    f"con q de forma {tuple(q.shape)} se detuvo: usa las dos últimas "
                    "dimensiones: `q.shape[-2]` posiciones, `transpose(-1, -2)` y "
                    "`dim=-1`."
                )
            if "mat1 and mat2" not in str(error):
                raise
            return (
                "las formas no casan: los puntajes son `q` por `k` traspuesta, (n, n), "
                "y luego se multiplican por `v`."
            )
        except TypeError as error:
            if MASCARA.search(str(error)):
                return NO_ES_MASCARA
            if lote and "transpose" in str(error):
                return "usa `k.transpose(-1, -2)`: puede haber lote y cabezas delante."
            raise
        if isinstance(dada, torch.Tensor) and dada.shape == (*lote, n, n) and n != dv:
            return "devolviste los pesos o los puntajes; falta promediar los valores."
        if pista := no_es_tensor(dada, (*lote, n, dv)):
            return pista
        if any(
            not torch.equal(a, b) for a, b in zip(recibidos, (q, k, v), strict=True)
        ):
            return "tu función cambia q, k o v por dentro: calcula en tensores nuevos."
        buena = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        if cerca(dada, buena):
            continue
        if dada.isnan().any():
            if dada[..., 0, :].isnan().all() and not dada[..., -1, :].isnan().any():
                return (
                    "la primera posición da «nan»: se quedó sin nada que ver. Cada una "
                    "se ve a sí misma; la diagonal no se tapa."
                )
            return (
                "salió «nan»: con puntajes grandes la exponencial se desborda. Usa "
                "`softmax`, que antes resta el mayor."
            )
        if torch.isinf(dada).any():
            return "salen infinitos: −∞ se pone en los puntajes, antes de la softmax."
        for pista, malas in _atencion_mal(q, k, v).items():
            if any(cerca(dada, mala) for mala in malas):
                return pista
        if lote and cerca(dada[0], F.scaled_dot_product_attention(
            q[0], k[0], v[0], is_causal=True)):  # fmt: skip
            return "la primera fila del lote está bien y las demás no: no uses `[0]`."
        return (
            f"con q de forma {tuple(q.shape)} los valores no coinciden. En orden: "
            "puntajes, entre √d, máscara con −∞, softmax por filas y por `v`."
        )
    return None
