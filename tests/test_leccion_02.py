"""Los ejercicios de la lección 02: respuestas buenas, y errores con su pista."""

import re
from collections import defaultdict
from itertools import combinations

import numpy as np
from respuestas import pruebas_de


def _candidatos(firmas, b, r):
    cubos, pares = defaultdict(list), set()
    for i, firma in firmas.items():
        for n in range(b):
            clave = n, firma[n * r : (n + 1) * r].tobytes()
            pares |= {(j, i) for j in cubos[clave]}
            cubos[clave].append(i)
    return pares


def _dos_a_dos(firmas, b, r):
    return {
        (x, y)
        for x, y in combinations(firmas, 2)
        if (firmas[x] == firmas[y]).reshape(b, r).all(axis=1).any()
    }


def _por_banda(firmas, b, r):
    pares = set()
    for n in range(b):
        cubos = {}
        for i, firma in firmas.items():
            cubos.setdefault(tuple(firma[n * r : n * r + r].tolist()), []).append(i)
        for juntos in cubos.values():
            pares.update(combinations(juntos, 2))
    return pares


def _con_clave(clave, bandas=lambda b, r: b):
    def candidatos(firmas, b, r):
        cubos, pares = defaultdict(list), set()
        for i, firma in firmas.items():
            for n in range(bandas(b, r)):
                cubo = cubos[clave(firma, n, r)]
                pares |= {(j, i) for j in cubo if j != i}
                cubo.append(i)
        return pares

    return candidatos


def _consigo(firmas, b, r):
    return _dos_a_dos(firmas, b, r) | {(i, i) for i in firmas}


def _los_dos_ordenes(firmas, b, r):
    pares = _dos_a_dos(firmas, b, r)
    return pares | {(y, x) for x, y in pares}


def _vacia(firmas, b, r):
    pares = _candidatos(firmas, b, r)
    firmas.clear()
    return pares


def _numera(firmas, b, r):
    lugar = {i: n for n, i in enumerate(firmas)}
    return {(lugar[x] + 90, lugar[y] + 90) for x, y in _candidatos(firmas, b, r)}


PESOS = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43]


def _nit(numero, cifras=reversed, pesos=PESOS, salida=int):
    vueltas = zip(cifras(str(numero)), pesos, strict=False)
    resto = sum(int(x) * p for x, p in vueltas) % 11
    return salida(resto if resto < 2 else 11 - resto)


def _nit_con_bucle(numero):
    suma, lugar = 0, 0
    while numero:
        numero, cifra = divmod(numero, 10)
        suma, lugar = suma + cifra * PESOS[lugar], lugar + 1
    resto = suma % 11
    return {0: 0, 1: 1}.get(resto, 11 - resto)


def _nit_negativo(numero):
    numeros = map(int, str(numero)[::-1])
    suma = sum(a * b for a, b in zip(numeros, PESOS, strict=False))
    return min(suma % 11, -suma % 11) if suma % 11 < 2 else -suma % 11


def _resto(numero):
    return sum(int(x) * p for x, p in zip(str(numero)[::-1], PESOS, strict=False)) % 11


CORREO = r"[\w.+-]+(?:@| ?\(arroba\) ?)[\w-]+(?:\.[\w-]+)+"


def _buscar(patron):
    return lambda texto: re.findall(patron, texto)


def _correos_a_mano(texto):
    return [x.group() for x in re.finditer(CORREO, texto)]


def _correos_en_dos(texto):
    hallados = re.finditer(r"([\w.+-]+)(@|\s*\(arroba\)\s*)([\w-]+(\.[\w-]+)+)", texto)
    return ["".join(x.group(1, 2, 3)) for x in hallados]


BUENAS = [
    ("02-candidatos", _candidatos),
    ("02-candidatos", _dos_a_dos),
    ("02-candidatos", _por_banda),
    ("02-nit", _nit),
    ("02-nit", _nit_con_bucle),
    ("02-nit", _nit_negativo),
    ("02-correo", _buscar(CORREO)),
    ("02-correo", _correos_a_mano),
    ("02-correo", _correos_en_dos),
]
ERRORES = [
    (
        "02-candidatos",
        _con_clave(lambda f, n, r: f[n * r : n * r + r].tobytes()),
        "número de la banda",
    ),
    ("02-candidatos", _con_clave(lambda f, n, r: f.tobytes()), "firmas enteras"),
    (
        "02-candidatos",
        _con_clave(
            lambda f, n, r: (n, f[n * r : n * r + r].tobytes()), lambda b, r: b - 1
        ),
        "última banda",
    ),
    (
        "02-candidatos",
        _con_clave(lambda f, n, r: (n, f[n : n + r].tobytes())),
        "se montan",
    ),
    (
        "02-candidatos",
        _con_clave(lambda f, n, r: (n, int(f[n])), lambda b, r: b * r),
        "la banda entera",
    ),
    (
        "02-candidatos",
        _con_clave(lambda f, n, r: f[:r].tobytes(), lambda b, r: 1),
        "primera banda",
    ),
    ("02-candidatos", lambda f, b, r: _candidatos(f, r, b), "banda"),
    ("02-candidatos", lambda f, b, r: _candidatos(f, 3, 4), "banda"),
    (
        "02-candidatos",
        lambda f, b, r: {(y, x) for x, y in _candidatos(f, b, r)},
        "el que llegó antes",
    ),
    ("02-candidatos", lambda f, b, r: list(_candidatos(f, b, r)), "un conjunto"),
    ("02-candidatos", lambda f, b, r: len(_candidatos(f, b, r)), "un conjunto"),
    ("02-candidatos", _consigo, "pareja de sí mismo"),
    ("02-candidatos", _los_dos_ordenes, "basta uno"),
    ("02-candidatos", _vacia, "cambia las firmas"),
    ("02-candidatos", _numera, "los nombres"),
    ("02-candidatos", lambda f, b, r: {f["z"][:r]: 1}, "se detuvo"),
    ("02-candidatos", lambda f, b, r: set(), "no hallas el par"),
    (
        "02-correo",
        _buscar(r"[\w.+-]+(?:@| ?\(arroba\) ?)[\w.-]*\w"),
        "va un dominio",
    ),
    ("02-nit", lambda n: _nit(n, salida=str), "un número entero"),
    ("02-nit", lambda n: np.int64(_nit(n)), "`int(…)`"),
    ("02-nit", lambda n: 11 - _resto(n), "una sola cifra"),
    ("02-nit", lambda n: (11 - _resto(n)) % 11, "una sola cifra"),
    ("02-nit", lambda n: _nit(n, list), "última cifra"),
    ("02-nit", _resto, "restarlo de 11"),
    ("02-nit", lambda n: _nit(n, pesos=PESOS[1:]), "empezaste la serie en 7"),
    ("02-nit", lambda n: _nit(n, pesos=[2, 3, 4, 5, 6, 7] * 2), "¿La serie es"),
    ("02-nit", lambda n: 5, "y es"),
    ("02-nit", lambda n: sum(int(x) for x in n), "tipos"),
    ("02-correo", _buscar(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "(arroba)"),
    ("02-correo", _buscar(r"[\w.+-]+(@| ?\(arroba\) ?)[\w-]+(\.[\w-]+)+"), "grupos"),
    ("02-correo", _buscar(r"[\w.+-]+(?:@| ?\(arroba\) ?)[\w.-]+"), "el punto"),
    ("02-correo", _buscar(r"[\w.+-]+(?:@|\(arroba\))[\w-]+(?:\.[\w-]+)+"), "espacios"),
    ("02-correo", _buscar(r"[\w.+-]+(?:@| ?.arroba. ?)[\w-]+(?:\.[\w-]+)+"), "oficio"),
    ("02-correo", _buscar(r"\S+(?:@| ?\(arroba\) ?)[\w-]+(?:\.[\w-]+)+"), "de más"),
    (
        "02-correo",
        _buscar(r"[\w.+-]*(?:@| ?\(arroba\) ?)[\w-]+(?:\.[\w-]+)*"),
        "marcas",
    ),
    ("02-correo", lambda t: re.search(CORREO, t), "una lista"),
    ("02-correo", lambda t: re.findall(CORREO, t) or None, "return"),
    ("02-correo", lambda t: set(re.findall(CORREO, t)), "una lista"),
    (
        "02-correo",
        lambda t: [x.replace(" (arroba) ", "@") for x in re.findall(CORREO, t)],
        "se esperaba",
    ),
    ("02-correo", lambda t: re.findall(CORREO, t)[:1], "falta un correo"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
