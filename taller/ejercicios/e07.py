"""Comprobaciones de la lección 07: más cercano, desempacar, bits y Lloyd-Max."""

from . import ejercicio, no_es_numero, no_es_tensor, no_se_llama
from .fallos import Fallo, llamar


@ejercicio("07-mas-cercano")
def _(mas_cercano):
    import torch

    if pista := no_se_llama(mas_cercano):
        return pista
    tabla = torch.tensor([-1.0, -0.5, 0.0, 0.2, 1.0])
    x = torch.tensor([[-0.7, -0.3, 0.09], [0.11, 0.61, 1.0]])
    buena = torch.tensor([[1, 1, 2], [3, 4, 4]])
    try:
        dada = llamar(mas_cercano, x, tabla)
    except RuntimeError:
        return (
            "cada número se compara con toda la tabla: agrega a `x` una dimensión al "
            "final, con `x.unsqueeze(-1)`, y recorre esa dimensión."
        )
    if pista := no_es_tensor(dada, x.shape):
        return pista
    if torch.equal(dada, torch.zeros_like(dada)):
        return (
            "devolviste todo en cero. Mide la distancia de cada número a cada valor "
            "de la tabla y busca la menor."
        )
    if torch.equal(dada.double(), tabla[buena].double()):
        return "devolviste los valores de la tabla; se pide su lugar, un entero."
    if dada.dtype == torch.bool or dada.is_floating_point():
        return "los códigos son enteros: su tipo debe ser entero, no de coma flotante."
    if torch.equal(dada.long(), torch.bucketize(x, tabla)):
        return (
            "devolviste el primer valor que no es menor; el más cercano puede ser el "
            "anterior. Compara las dos distancias."
        )
    if torch.equal(dada.long(), torch.tensor([[1, 1, 2], [2, 3, 4]])):
        return (
            "repartes la tabla como si fuera de pasos iguales, y no lo es: mide la "
            "distancia de cada número a cada valor."
        )
    if torch.equal(dada.long(), torch.bucketize(x, tabla, right=True) - 1):
        return "redondeas siempre hacia abajo: el más cercano puede ser el siguiente."
    if torch.equal(dada.long(), (x[..., None] - tabla).abs().argmax(-1)):
        return "elegiste el más lejano: es `argmin`, no `argmax`."
    if torch.equal(dada.long(), (x[..., None] - tabla).argmin(-1)):
        return "falta el valor absoluto: una distancia no tiene signo."
    if not torch.equal(dada.long(), buena):
        return f"con {x[0].tolist()} devolviste {dada[0].tolist()}; son [1, 1, 2]."
    otra = torch.linspace(-1, 1, 16) ** 3
    y = torch.linspace(-1, 1, 50)
    esperada = (y[:, None] - otra).abs().argmin(1)
    dada = llamar(mas_cercano, y, otra)
    if pista := no_es_tensor(dada, y.shape):
        return f"con un vector falla: {pista}"
    if not torch.equal(dada.long(), esperada):
        return "con otra tabla falla: usa la tabla que recibes."
    return None


@ejercicio("07-desempacar")
def _(desempacar):
    import torch

    if pista := no_se_llama(desempacar):
        return pista
    octetos = torch.tensor([0x3C, 0xF0, 0x07], dtype=torch.uint8)
    buena = torch.tensor([3, 12, 15, 0, 0, 7])
    dada = llamar(desempacar, octetos)
    if isinstance(dada, torch.Tensor) and torch.equal(dada, octetos):
        return "devolviste los octetos tal cual; de cada uno salen dos códigos."
    if isinstance(dada, torch.Tensor) and tuple(dada.shape) == (2, 3):
        return (
            "apilaste los altos y debajo los bajos: con `dim=1` cada octeto da su par; "
            "después, `flatten`."
        )
    if isinstance(dada, torch.Tensor) and tuple(dada.shape) == (3, 2):
        return "casi: falta aplanar en una sola fila de códigos, con `flatten`."
    if pista := no_es_tensor(dada, buena.shape):
        return pista
    dada = dada.long()
    if torch.equal(dada, torch.tensor([12, 3, 0, 15, 7, 0])):
        return "están al revés: los cuatro bits altos son el primer código."
    if torch.equal(dada, torch.tensor([3, 15, 0, 12, 0, 7])):
        return (
            "pusiste todos los altos y luego los bajos; van intercalados, par por par."
        )
    if torch.equal(dada, torch.tensor([3, 0x3C, 15, 0xF0, 0, 7])):
        return "al segundo código le sobran los bits altos: quítalos con `& 15`."
    if torch.equal(dada, torch.tensor([0x30, 12, 0xF0, 0, 0, 7])):
        return "al primer código le falta correrse cuatro lugares: `>> 4`."
    if not torch.equal(dada, buena):
        return f"de 0x3C, 0xF0, 0x07 sacaste {dada.tolist()}; son {buena.tolist()}."
    otros = torch.arange(256).to(torch.uint8)
    esperada = torch.stack([otros.long() // 16, otros.long() % 16], 1).flatten()
    dada = llamar(desempacar, otros)
    if pista := no_es_tensor(dada, esperada.shape):
        return f"con otra cantidad de octetos falla: {pista}"
    if not torch.equal(dada.long(), esperada):
        return "con otros octetos falla; prueba los 256."
    return None


@ejercicio("07-bits")
def _(bits_por_peso):
    import torch

    if pista := no_se_llama(bits_por_peso):
        return pista

    def pedir(*args):
        valor = llamar(bits_por_peso, *args)
        if isinstance(valor, torch.Tensor) and valor.numel() == 1:
            valor = valor.item()
        if pista := no_es_numero(valor):
            raise Fallo(pista)
        return valor

    def cerca(a, b):
        return abs(a - b) < 1e-9

    valor = pedir(64, False)
    if cerca(valor, 4):
        return "4 son los bits del código; falta lo que cada bloque guarda aparte."
    if cerca(valor, 32 / 64):
        return "esas son solo las constantes; súmales los 4 bits del código."
    if cerca(valor, 4 + 4 / 64):
        return "el máximo ocupa 32 bits; 4 son sus octetos."
    if cerca(valor, 4 + 32):
        return "los 32 bits del máximo se reparten entre los pesos del bloque."
    if not cerca(valor, 4.5):
        return f"sin doble cuantización y con bloques de 64 diste {valor}; son 4.5."
    if not cerca(pedir(128, False), 4.25):
        return "con bloques de 128 y sin doble cuantización son 4.25: usa `bloque`."
    doble, buena = pedir(64, True), 4 + 8 / 64 + 32 / (64 * 256)
    if cerca(doble, 4.5):
        return "con `doble` da lo mismo que sin ella: falta el otro caso."
    if cerca(doble, 4 + 8 / 64):
        return "falta la segunda constante: 32 bits por cada 256 bloques."
    if cerca(doble, 4 + 8 / 64 + 32 / 256):
        return (
            "cada grupo tiene 256 bloques, y cada bloque, 64 pesos: divide por ambos."
        )
    if cerca(doble, 4 + 32 / 64 + 8 / 64) or cerca(doble, buena + 32 / 64):
        return "con `doble`, los 8 bits reemplazan a los 32: no se suman."
    if not cerca(doble, buena):
        return f"con doble cuantización y bloques de 64 diste {doble:.4f}."
    if not cerca(pedir(128, True), 4 + 8 / 128 + 32 / (128 * 256)):
        return "con bloques de 128 y doble cuantización falla: usa `bloque` en ambas."
    return None


def _lloyd(x, tabla, vueltas, cero_quieto=True, centro="mean"):
    """Lloyd-Max; los argumentos con valor por defecto reproducen errores conocidos."""
    import torch

    nueva = tabla.clone()
    for _ in range(vueltas):
        elegido = torch.bucketize(x, (nueva[1:] + nueva[:-1]) / 2)
        for k in range(len(nueva)):
            grupo = x[elegido == k]
            if len(grupo) and not (cero_quieto and nueva[k] == 0):
                nueva[k] = getattr(grupo, centro)()
    return nueva


@ejercicio("07-lloyd-max")
def _(lloyd_max):
    import torch

    if pista := no_se_llama(lloyd_max):
        return pista
    azar = torch.Generator().manual_seed(7)
    x = (torch.randn(600, generator=azar) / 3).clamp(-1, 1)
    tabla = torch.tensor([-1.0, -0.6, -0.2, 0.0, 0.1, 0.5, 1.0])
    # el 5 no lo elige nadie
    sola = torch.tensor([-1.0, 0.0, 0.4, 0.9, 5.0])

    def cerca(uno, otro):
        return torch.allclose(uno.double(), otro.double(), atol=1e-4)

    for t, vueltas in ((tabla, 1), (tabla, 6), (sola, 3), (tabla + 0.05, 2)):
        dada, buena = llamar(lloyd_max, x, t, vueltas), _lloyd(x, t, vueltas)
        caso = f"con {len(t)} valores y {vueltas} vuelta{'s' * (vueltas > 1)}"
        if isinstance(dada, torch.Tensor) and dada.shape == x.shape:
            return "devolviste los números de `x` o sus códigos; se pide la tabla."
        if pista := no_es_tensor(dada, t.shape):
            return pista
        if dada.isnan().any():
            return (
                "sale «nan»: promediaste un grupo vacío. Un valor que nadie eligió se "
                "queda donde estaba."
            )
        if cerca(dada, buena):
            continue
        if cerca(dada, t):
            return "devolviste la tabla como vino: cada valor debe mudarse al promedio."
        if not dada.is_floating_point():
            return "la tabla nueva lleva decimales: no la redondees."
        if cerca(dada, _lloyd(x, t, vueltas, cero_quieto=False)):
            return "el 0 se movió, y debe seguir siendo exacto: sáltalo."
        if cerca(dada, _lloyd(x, t, vueltas, centro="median")):
            return "usaste la mediana; el error al cuadrado lo baja el promedio."
        if vueltas > 1 and cerca(dada, _lloyd(x, t, 1)):
            return (
                "los números eligieron una sola vez. Usa `vueltas`: en cada una, ya "
                "movida la tabla, vuelven a elegir."
            )
        if any(cerca(dada, _lloyd(x, t, v)) for v in (vueltas - 1, vueltas + 1)):
            return f"{caso}, diste una vuelta de más o de menos."
        if (buena[-1] == t[-1]) and dada[-1] != t[-1]:
            return "un valor que nadie eligió debe quedarse donde estaba."
        peor = int((dada.double() - buena.double()).abs().argmax())
        return (
            f"{caso}, {t[peor]:.2f} pasó a {dada[peor]:.3f} y debía pasar a "
            f"{buena[peor]:.3f}. En cada vuelta eligen todos los números; después se "
            "mudan todos los valores elegidos, menos el 0."
        )
    return None
