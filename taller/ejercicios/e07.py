"""Comprobaciones de la lección 07: código más cercano, desempacar y bits por peso."""

from . import ejercicio, no_es_numero, no_es_tensor, no_se_llama


@ejercicio("07-mas-cercano")
def _(mas_cercano):
    import torch

    if pista := no_se_llama(mas_cercano):
        return pista
    tabla = torch.tensor([-1.0, -0.5, 0.0, 0.2, 1.0])
    x = torch.tensor([[-0.9, -0.3, 0.09], [0.11, 0.61, 1.0]])
    buena = torch.tensor([[0, 1, 2], [3, 4, 4]])
    try:
        dada = mas_cercano(x, tabla)
    except RuntimeError as error:
        if "must match the size" not in str(error):
            raise
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
    if dada.is_floating_point():
        return "los códigos son enteros: su tipo debe ser entero, no de coma flotante."
    if torch.equal(dada.long(), torch.bucketize(x, tabla)):
        return (
            "devolviste el primer valor que no es menor; el más cercano puede ser el "
            "anterior. Compara las dos distancias."
        )
    if torch.equal(dada.long(), torch.bucketize(x, tabla, right=True) - 1):
        return "redondeas siempre hacia abajo: el más cercano puede ser el siguiente."
    if torch.equal(dada.long(), (x[..., None] - tabla).abs().argmax(-1)):
        return "elegiste el más lejano: es `argmin`, no `argmax`."
    if torch.equal(dada.long(), (x[..., None] - tabla).argmin(-1)):
        return "falta el valor absoluto: una distancia no tiene signo."
    if not torch.equal(dada.long(), buena):
        return f"con {x[0].tolist()} devolviste {dada[0].tolist()}; son [0, 1, 2]."
    otra = torch.linspace(-1, 1, 16) ** 3
    y = torch.linspace(-1, 1, 50)
    esperada = (y[:, None] - otra).abs().argmin(1)
    if not torch.equal(mas_cercano(y, otra).long(), esperada):
        return "con otra tabla falla: usa la tabla que recibes."
    return None


@ejercicio("07-desempacar")
def _(desempacar):
    import torch

    if pista := no_se_llama(desempacar):
        return pista
    octetos = torch.tensor([0x3C, 0xF0, 0x07], dtype=torch.uint8)
    buena = torch.tensor([3, 12, 15, 0, 0, 7])
    dada = desempacar(octetos)
    if isinstance(dada, torch.Tensor) and torch.equal(dada, octetos):
        return "devolviste los octetos tal cual; de cada uno salen dos códigos."
    if isinstance(dada, torch.Tensor) and tuple(dada.shape) in ((3, 2), (2, 3)):
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
    if not torch.equal(desempacar(otros).long(), esperada):
        return "con otros octetos falla; prueba los 256."
    return None


@ejercicio("07-bits")
def _(bits_por_peso):
    import torch

    if pista := no_se_llama(bits_por_peso):
        return pista

    def pedir(*args):
        valor = bits_por_peso(*args)
        if isinstance(valor, torch.Tensor) and valor.numel() == 1:
            valor = valor.item()
        return valor

    def cerca(a, b):
        return abs(a - b) < 1e-9

    valor = pedir(64, False)
    if pista := no_es_numero(valor):
        return pista
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
