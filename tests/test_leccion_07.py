"""La lección 07: respuestas buenas y malas de sus cuatro ejercicios."""

import pytest
from respuestas import pruebas_de

torch = pytest.importorskip("torch")


def _distancias(x, tabla):
    return (x.unsqueeze(-1) - tabla).abs()


def _de_a_uno(x, tabla):
    lugares = [
        min(range(len(tabla)), key=lambda k: abs(v - tabla[k])) for v in x.ravel()
    ]
    return torch.tensor(lugares).reshape(x.shape)


def _medios(x, tabla):
    return torch.bucketize(x, (tabla[1:] + tabla[:-1]) / 2)


def _sin_dimension(x, tabla):
    return (x - tabla).abs().argmin(-1)


def _cambia_x(x, tabla):
    x -= x.min()
    return _distancias(x, tabla).argmin(-1)


def _tabla_fija(x, tabla):
    return _distancias(x, torch.tensor([-1.0, -0.5, 0.0, 0.2, 1.0])).argmin(-1)


def _pasos_iguales(x, tabla):
    return ((x - tabla[0]) / (tabla[-1] - tabla[0]) * (len(tabla) - 1)).round().long()


def _hacia_abajo(x, tabla):
    return torch.bucketize(x, tabla, right=True) - 1


def _desde_uno(x, tabla):
    return _distancias(x, tabla).argmin(-1) + 1


def _alterna(octetos):
    salida = torch.empty(2 * len(octetos), dtype=torch.uint8)
    salida[::2], salida[1::2] = octetos >> 4, octetos & 15
    return salida


def _con_lista(octetos):
    return torch.tensor([c for o in octetos.tolist() for c in divmod(o, 16)])


def _restando(octetos):
    altos = octetos // 16
    return torch.stack([altos, octetos - 16 * altos], dim=-1).reshape(-1)


def _cambia_octetos(octetos):
    bajos = octetos & 15
    octetos >>= 4
    return torch.stack([octetos, bajos], 1).flatten()


def _lloyd(x, tabla, vueltas, desde=0, hasta=0):
    nueva = tabla.clone()
    for _ in range(vueltas):
        elegido = _distancias(x, nueva).argmin(-1)
        for k in range(desde, len(nueva) - hasta):
            if nueva[k] != 0 and (elegido == k).sum() > 0:
                nueva[k] = x[elegido == k].mean()
    return nueva


def _lloyd_con_sumas(x, tabla, vueltas):
    nueva = tabla.clone()
    for _ in range(vueltas):
        elegido = _medios(x, nueva)
        suma = torch.zeros_like(nueva).index_add(0, elegido, x)
        veces = torch.bincount(elegido, minlength=len(nueva))
        mover = (veces > 0) & (nueva != 0)
        nueva = torch.where(mover, suma / veces.clamp(min=1), nueva)
    return nueva


def _lloyd_con_listas(x, tabla, vueltas):
    valores = tabla.tolist()
    for _ in range(vueltas):
        lugares = _medios(x, torch.tensor(valores)).tolist()
        grupos = [[] for _ in valores]
        for lugar, numero in zip(lugares, x.tolist(), strict=True):
            grupos[lugar].append(numero)
        valores = [
            sum(g) / len(g) if g and v != 0 else v
            for g, v in zip(grupos, valores, strict=True)
        ]
    return torch.tensor(valores)


def _mueve_el_cero(x, tabla, vueltas):
    nueva = tabla.clone()
    for _ in range(vueltas):
        elegido = _medios(x, nueva)
        for k in range(len(nueva)):
            if (elegido == k).any():
                nueva[k] = x[elegido == k].mean()
    return nueva


def _vacios_a_nan(x, tabla, vueltas):
    nueva = tabla.clone()
    for _ in range(vueltas):
        elegido = _medios(x, nueva)
        for k in range(len(nueva)):
            if nueva[k] != 0:
                nueva[k] = x[elegido == k].mean()
    return nueva


def _cambia_la_tabla(x, tabla, vueltas):
    tabla[:] = _lloyd(x, tabla, vueltas)
    return tabla


def _mediana(x, tabla, vueltas):
    nueva = tabla.clone()
    for _ in range(vueltas):
        elegido = _medios(x, nueva)
        for k in range(len(nueva)):
            if nueva[k] != 0 and (elegido == k).any():
                nueva[k] = x[elegido == k].median()
    return nueva


def _elige_una_vez(x, tabla, vueltas):
    nueva, elegido = tabla.clone(), _medios(x, tabla)
    for _ in range(vueltas):
        for k in range(len(nueva)):
            if nueva[k] != 0 and (elegido == k).any():
                nueva[k] = x[elegido == k].mean()
    return nueva


BUENAS = {
    "07-mas-cercano": [
        lambda x, t: _distancias(x, t).argmin(-1),
        _de_a_uno,
        _medios,
    ],
    "07-desempacar": [_alterna, _con_lista, _restando],
    "07-bits": [
        lambda bloque, doble: 4 + (8 + 32 / 256 if doble else 32) / bloque,
        lambda bloque, doble: torch.tensor(
            (4 * bloque + (8.125 if doble else 32)) / bloque, dtype=torch.float64
        ),
        lambda b, d: {True: 4 + 8 / b + 1 / (8 * b), False: 4 + 32 / b}[d],
    ],
    "07-lloyd-max": [_lloyd, _lloyd_con_sumas, _lloyd_con_listas],
}
ERRORES = [
    ("07-mas-cercano", _sin_dimension, "unsqueeze"),
    ("07-mas-cercano", _cambia_x, "cambió los datos"),
    ("07-mas-cercano", _tabla_fija, "usa la tabla que recibes"),
    ("07-mas-cercano", _pasos_iguales, "de pasos iguales"),
    ("07-mas-cercano", _hacia_abajo, "siempre hacia abajo"),
    ("07-mas-cercano", _desde_uno, "son [1, 1, 2]"),
    ("07-mas-cercano", lambda x, t: t[_medios(x, t)], "se pide su lugar"),
    ("07-mas-cercano", lambda x, t: _medios(x, t).float(), "tipo debe ser entero"),
    ("07-mas-cercano", lambda x, t: _medios(x, t).tolist(), "devolvió un list"),
    ("07-mas-cercano", lambda x, t: _distancias(x, t).argmax(-1), "argmin"),
    ("07-mas-cercano", lambda x, t: (x[..., None] - t).argmin(-1), "valor absoluto"),
    ("07-mas-cercano", lambda x, t: torch.bucketize(x, t), "el anterior"),
    ("07-mas-cercano", lambda x: x, "más o menos argumentos"),
    ("07-desempacar", lambda o: torch.stack([o & 15, o >> 4], 1).flatten(), "al revés"),
    ("07-desempacar", lambda o: torch.cat([o >> 4, o & 15]), "intercalados"),
    ("07-desempacar", lambda o: torch.stack([o >> 4, o], 1).flatten(), "& 15"),
    (
        "07-desempacar",
        lambda o: torch.stack([o & 240, o & 15], 1).flatten(),
        "correrse cuatro",
    ),
    ("07-desempacar", lambda o: torch.stack([o >> 4, o & 15], 1), "aplanar"),
    ("07-desempacar", lambda o: torch.stack([o >> 4, o & 15]), "`dim=1`"),
    ("07-desempacar", lambda o: _alterna(o).tolist(), "devolvió un list"),
    ("07-desempacar", _cambia_octetos, "cambió los datos"),
    (
        "07-desempacar",
        lambda o: torch.tensor([3, 12, 15, 0, 0, 7]),
        "otra cantidad de octetos",
    ),
    (
        "07-desempacar",
        lambda o: [x >> 4 for x in o.tolist()][9],
        "una posición que no existe",
    ),
    ("07-bits", lambda b, d: 4, "falta lo que cada bloque"),
    ("07-bits", lambda b, d: 4 + 32, "se reparten entre los pesos"),
    ("07-bits", lambda b, d: 4 + 4 / b, "4 son sus octetos"),
    ("07-bits", lambda b, d: 32 / b, "solo las constantes"),
    ("07-bits", lambda b, d: 4 + 32 / b, "da lo mismo"),
    ("07-bits", lambda b, d: 4 + 32 / 64, "usa `bloque`"),
    ("07-bits", lambda b, d: 4 + (8 if d else 32) / b, "segunda constante"),
    (
        "07-bits",
        lambda b, d: 4 + 32 / b + d * (8 / b + 32 / (256 * b)),
        "reemplazan",
    ),
    ("07-bits", lambda b, d: f"{4 + 32 / b} bits", "debe devolver un número"),
    ("07-bits", lambda b, d: 4 + 32 / (b - b), "divide entre cero"),
    ("07-lloyd-max", lambda x, t, v: t, "como vino"),
    ("07-lloyd-max", lambda x, t, v: _lloyd(x, t, 1), "eligieron una sola vez"),
    ("07-lloyd-max", lambda x, t, v: _lloyd(x, t, v + 1), "de más o de menos"),
    ("07-lloyd-max", _mueve_el_cero, "el 0 se movió"),
    ("07-lloyd-max", _vacios_a_nan, "grupo vacío"),
    ("07-lloyd-max", _cambia_la_tabla, "cambió los datos"),
    ("07-lloyd-max", _mediana, "el promedio"),
    ("07-lloyd-max", _elige_una_vez, "eligieron una sola vez"),
    ("07-lloyd-max", lambda x, t, v: t[_medios(x, t)], "se pide la tabla"),
    ("07-lloyd-max", lambda x, t, v: _lloyd(x, t, v).tolist(), "devolvió un list"),
    (
        "07-lloyd-max",
        lambda x, t, v: _lloyd(x, t, v, hasta=1),
        "1.00 pasó a 1.000 y debía",
    ),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
