"""Comprobaciones de la lección 13: podar, un bloque de Q8_0 y el costo."""

from . import ejercicio, no_es, no_es_numero, no_es_tensor, no_se_llama
from .fallos import llamar


@ejercicio("13-podar")
def _(podar):
    import torch

    if pista := no_se_llama(podar):
        return pista
    chica = torch.tensor([[0.5, -0.1, 2.0], [-3.0, 0.2, -0.05]])
    azar = torch.Generator().manual_seed(13)
    grande = torch.randn(9, 14, generator=azar)
    for W, parte in (
        (chica, 0.5),
        (chica, 0.6),
        (grande, 0.3),
        (grande.T.contiguous(), 0.75),
    ):
        dada, cuantos = llamar(podar, W, parte), int(parte * W.numel())
        if pista := no_es_tensor(dada, W.shape):
            return pista
        menores = W.abs().flatten().argsort()[:cuantos]
        ceros = torch.zeros(W.numel(), dtype=torch.bool)
        ceros[menores] = True
        ceros = ceros.reshape(W.shape)
        if torch.equal(dada, W.masked_fill(ceros, 0)):
            continue
        if torch.equal(dada, W):
            return "devolviste la matriz entera: faltan los ceros."
        if torch.equal(dada != 0, ceros):
            return "quitaste los mayores y dejaste los menores: es al revés."
        if dada.dtype == torch.bool or torch.equal(dada, (~ceros).to(dada.dtype)):
            return "esa es la máscara; multiplícala por `W`."
        if not torch.equal(dada[dada != 0], W[dada != 0]):
            return "los pesos que quedan no se cambian: ni signo, ni escala."
        con_signo = W.flatten().argsort()[:cuantos]
        quitados = (dada == 0).flatten()
        if quitados.sum() == cuantos and quitados[con_signo].all():
            return "faltó el valor absoluto: −3 es un peso grande."
        if torch.equal(dada == 0, W.abs() < parte):
            return "`parte` no es un umbral: es la fracción de los pesos que se quita."
        por_fila = W.abs().argsort(dim=1).argsort(dim=1) < int(parte * W.shape[1])
        if torch.equal(dada == 0, por_fila):
            return "podaste fila por fila; se ordenan juntos los de toda la matriz."
        return (
            f"en una matriz de {W.numel()} pesos y con parte = {parte} quedaron "
            f"{int(quitados.sum())} ceros y deben ser {cuantos}, los de menor valor "
            "absoluto."
        )
    return None


@ejercicio("13-q8")
def _(q8_0):
    import torch

    if pista := no_se_llama(q8_0):
        return pista
    azar = torch.Generator().manual_seed(8)
    bloques = [torch.randn(32, generator=azar) / d for d in (1, 40)]
    bloques += [torch.linspace(-2, 1, 32), torch.zeros(32)]
    for x in bloques:
        par = llamar(q8_0, x)
        if isinstance(par, torch.Tensor):
            return "devolviste un solo tensor; se pide el par `(escala, codigos)`."
        if pista := no_es(par, (tuple, list), "el par `(escala, codigos)`"):
            return pista
        if len(par) != 2:
            return f"devolviste {len(par)} valores; son dos: la escala y los códigos."
        escala, codigos = par
        if isinstance(escala, torch.Tensor) and escala.numel() == 32:
            return "el primero es la escala, un solo número; los códigos van después."
        escala = escala.item() if isinstance(escala, torch.Tensor) else escala
        if pista := no_es_numero(escala):
            return f"con la escala: {pista}"
        if pista := no_es_tensor(codigos, x.shape):
            return f"con los códigos: {pista}"
        mayor = x.abs().max().item()
        if mayor == 0:
            if escala != 0 or codigos.float().isnan().any() or codigos.any():
                return "con todo en cero no se divide: escala 0 y códigos 0."
            if codigos.dtype != torch.int8:
                return "con todo en cero los códigos también van en int8."
            continue
        buena = mayor / 127
        if abs(escala - mayor / 128) < 1e-6 * mayor:
            return "divide entre 127, no entre 128: así el mayor código es 127."
        if abs(escala - mayor) < 1e-6 * mayor:
            return "esa es la mayor magnitud; la escala es ella entre 127."
        if abs(escala - x.max().item() / 127) < 1e-6 * mayor and x.max() != mayor:
            return "usaste el mayor con signo: es el mayor valor absoluto."
        if abs(escala - buena) > 1e-5 * buena:
            return f"la escala dio {escala:.6g} y es {buena:.6g}."
        esperado = torch.round(x / (x.abs().max() / 127))
        if torch.equal(codigos.float(), torch.trunc(x / (x.abs().max() / 127))):
            return "cortaste los decimales: se redondea al entero más cercano."
        if codigos.dtype != torch.int8:
            que = str(codigos.dtype).removeprefix("torch.")
            return f"los códigos salieron {que}; guárdalos en int8, que es un octeto."
        # un empate puede caer a cualquiera de los dos lados
        if (codigos.float() - esperado).abs().max() > 1 or (
            (codigos.float() - x / buena).abs().max() > 0.501
        ):
            return (
                f"{x[0]:.4f} pasó a {codigos[0].item()} y es {int(esperado[0])}: "
                "divide por la escala y redondea."
            )
    return None


@ejercicio("13-costo")
def _(costo):
    if pista := no_se_llama(costo):
        return pista
    for caso in (
        (1.0, 500.0, 50.0, 200, 100),
        (0.4, 2000.0, 80.0, 1000, 40),
        (3.0, 900.0, 300.0, 0, 500),
    ):
        dado = llamar(costo, *caso)
        if hasattr(dado, "item"):
            dado = dado.item()
        if pista := no_es_numero(dado):
            return pista
        precio, lee, escribe, consigna, respuesta = caso
        segundos = consigna / lee + respuesta / escribe
        bueno = 1e6 * precio / 3600 * segundos / respuesta

        def es(otro, dado=dado):
            return abs(dado - otro) < 1e-6 * max(abs(otro), 1e-12)

        if es(bueno):
            continue
        if es(0):
            return "devolviste cero: suma los segundos de una petición y ponles precio."
        if es(1e6 * precio / 3600 / escribe):
            return (
                "falta la lectura: mientras lee la consigna, la máquina también cuesta."
            )
        if es(bueno * 3600):
            return "el precio es por hora y las velocidades, por segundo: divide."
        if es(bueno / 1e6):
            return "ese es el de un token; se pide el de un millón."
        if es(1e6 * precio / 3600 * segundos / (consigna + respuesta)):
            return "el millón es de tokens escritos: divide solo entre `respuesta`."
        if es(1e6 * precio / 3600 * segundos):
            return "ese es el de un millón de peticiones; cada una escribe varios."
        if es(1e6 * precio / 3600 * (consigna + respuesta) / escribe / respuesta):
            return (
                "leer y escribir van a distinta velocidad: usa `lee` con la consigna."
            )
        return (
            f"con precio {precio:g}, {lee:g} y {escribe:g} tokens por segundo, y "
            f"{consigna} y {respuesta} tokens, dio {dado:.4g} y es {bueno:.4g}."
        )
    return None
