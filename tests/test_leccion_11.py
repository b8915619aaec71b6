"""La lección 11: respuestas buenas y malas de sus tres ejercicios."""

import json
from math import comb, erfc, sqrt

import pytest
from respuestas import pruebas_de

from herramientas.archivos import RAIZ, RESULTADOS

revisar = pytest.importorskip("taller.ejercicios").revisar


def _juez(directo, cruzado):
    return [
        "empate" if d == c else 1 if d == "A" else 2
        for d, c in zip(directo, cruzado, strict=True)
    ]


def _juez_con_indices(directo, cruzado):
    salida = []
    for i in range(len(directo)):
        gana_1 = (directo[i] == "A") + (cruzado[i] == "B")
        salida.append({2: 1, 1: "empate", 0: 2}[gana_1])
    return salida


def _juez_con_tabla(directo, cruzado):
    tabla = {"AB": 1, "BA": 2, "AA": "empate", "BB": "empate"}
    return tuple(map(tabla.get, map("".join, zip(directo, cruzado, strict=True))))


def _solo_el_ejemplo(directo, cruzado):
    return [1, 2, "empate", "empate", 2, 1]


def _consume(directo, cruzado):
    salida = []
    while directo:
        d, c = directo.pop(0), cruzado.pop(0)
        salida += _juez([d], [c])
    return salida


def _v(p):
    return p * (1 - p)


def _mcnemar(b, c):
    d = b + c
    return min(1.0, 2 * sum(comb(d, i) for i in range(min(b, c) + 1)) / 2**d)


def _pareado(n, x, y, d):
    if (d + x - y) % 2:
        return None
    b, c = (d + x - y) // 2, (d - x + y) // 2
    cabe = 0 <= b <= min(x, n - y) and 0 <= c <= min(y, n - x)
    return _mcnemar(b, c) if cabe else None


def _pareado_buscando(n, x, y, d):
    for b in range(d + 1):
        c, los_dos = d - b, x - b
        if b - c == x - y and los_dos >= 0 and n - los_dos - d >= 0:
            return _mcnemar(b, c)
    return None


def _pareado_con_reparto(n, x, y, d):
    dos = x + y - d  # el doble de los que aciertan los dos
    ambos, resto = divmod(dos, 2)
    b, c, ninguno = x - ambos, y - ambos, n - d - ambos
    if resto or min(ambos, b, c, ninguno) < 0:
        return None
    return _mcnemar(b, c)


def _sin_cabida(n, x, y, d):
    b, resto = divmod(d + x - y, 2)
    return None if resto or min(b, d - b) < 0 else _mcnemar(b, d - b)


def _sin_fallos(n, x, y, d):
    b, resto = divmod(d + x - y, 2)
    c = d - b
    malo = resto or min(b, c) < 0 or b > x or c > y
    return None if malo else _mcnemar(b, c)


def _con_decimales(n, x, y, d):
    return _mcnemar((d + x - y) / 2, (d - x + y) / 2)


def _sin_mirar(n, x, y, d):
    return _mcnemar((d + x - y) // 2, (d - x + y) // 2)


def _estrecha(n, x, y, d):
    return _pareado(n, x, y, d) if d < 50 else None


BUENAS = {
    "11-juez": [_juez, _juez_con_indices, _juez_con_tabla],
    "11-sueltas": [
        lambda p1, p2, n: (p1 - p2) / sqrt((_v(p1) + _v(p2)) / n),
        lambda p1, p2, n: (p1 - p2) / (_v(p1) / n + _v(p2) / n) ** 0.5,
        lambda p, q, n: (p - q) / sqrt(_v((p + q) / 2) * 2 / n),
    ],
    "11-trueque": [_pareado, _pareado_buscando, _pareado_con_reparto],
}
ERRORES = [
    ("11-juez", lambda d, c: ["empate"] * len(d), "todos salen empate"),
    ("11-juez", lambda d, c: _juez(c, d), "al revés"),
    ("11-juez", lambda d, c: [1 if x == "A" else 2 for x in d], "solo miras"),
    (
        "11-juez",
        lambda d, c: [
            (1 if x == "A" else 2) if x == y else "empate"
            for x, y in zip(d, c, strict=True)
        ],
        "elegir el lugar",
    ),
    ("11-juez", lambda d, c: list(map(str, _juez(d, c))), "sin comillas"),
    ("11-juez", lambda d, c: _juez(d, c)[:-1], "devolviste 5 veredictos"),
    ("11-juez", lambda d, c: _juez(d, c)[0], "se pide una lista"),
    ("11-juez", _solo_el_ejemplo, "sin casos"),
    ("11-juez", _consume, "cambió los datos"),
    ("11-juez", lambda d: d, "más o menos argumentos"),
    ("11-juez", lambda d, c: {"AB": 1}[d[0] + c[0] + "?"], "donde no está"),
    ("11-sueltas", lambda p, q, n: p - q, "falta dividirla"),
    ("11-sueltas", lambda p, q, n: (p - q) / ((_v(p) + _v(q)) / n), "falta la raíz"),
    ("11-sueltas", lambda p, q, n: (p - q) / sqrt(_v(p) / n), "un solo modelo"),
    ("11-sueltas", lambda p, q, n: (p - q) / sqrt(_v(p) + _v(q)), "entre n"),
    (
        "11-sueltas",
        lambda p, q, n: (p - q) / (sqrt(_v(p) / n) + sqrt(_v(q) / n)),
        "sumaste las desviaciones",
    ),
    (
        "11-sueltas",
        lambda p, q, n: round((p - q) / sqrt((_v(p) + _v(q)) / n), 2),
        "no redondees",
    ),
    (
        "11-sueltas",
        lambda p, q, n: 100 * (p - q) / sqrt((_v(p) + _v(q)) / n),
        "por 100",
    ),
    ("11-sueltas", lambda p, q, n: f"{p - q:.2f}", "debe devolver un número"),
    ("11-sueltas", lambda p, q, n: (p - q) / (n - n), "divide entre cero"),
    ("11-sueltas", lambda p, q, n: sqrt(-n), "un valor que no admite"),
    ("11-trueque", lambda n, x, y, d: 1.0, "no puede ser siempre 1"),
    ("11-trueque", lambda n, x, y, d: _mcnemar(x, y), "con otra cosa"),
    (
        "11-trueque",
        lambda n, x, y, d: _mcnemar(d, x - y if x > y else y - x),
        "otra cosa",
    ),
    ("11-trueque", lambda n, x, y, d: (_pareado(n, x, y, d) or 0) / 2, "una sola cola"),
    (
        "11-trueque",
        lambda n, x, y, d: erfc(abs(x - y) / sqrt(2 * d)),
        "se pide la exacta",
    ),
    ("11-trueque", _sin_mirar, "38 discordantes"),
    ("11-trueque", _sin_fallos, "28 fallos"),
    ("11-trueque", _sin_cabida, "quepan"),
    ("11-trueque", _con_decimales, "divide con «//»"),
    ("11-trueque", _estrecha, "sí es posible"),
    ("11-trueque", lambda n, x, y, d: "no decidible", "un número, o None"),
    ("11-trueque", lambda n, x, y, d: (x, y), "un número, o None"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)


def test_caben_en_los_aciertos_ademas_de_en_los_fallos():
    """Con 10 aciertos no hay 15 en que acierte solo el primero."""

    def sin_aciertos(n, x, y, d):
        b, resto = divmod(d + x - y, 2)
        c = d - b
        malo = resto or min(b, c) < 0 or b > n - y or c > n - x
        return None if malo else _mcnemar(b, c)

    assert "con 10 aciertos" in revisar("11-trueque", sin_aciertos)


# --- Con otros adaptadores ----------------------------------------------------------


def _entre(valores) -> str:
    bajo, alto = (f"{v:.1f}".replace("-", "−") for v in (min(valores), max(valores)))
    return f"entre {bajo} y {alto}".replace(".", ",")


def test_gusto_y_concordancia_son_los_que_dice_la_leccion():
    """Las cifras de la prosa, y el signo de cada cambio con las tres semillas."""
    informe = json.loads((RESULTADOS / "estudio_pronombre.json").read_text("utf-8"))
    assert [m["azar"] for m in informe["medidas"]] == [7, 8, 9]
    texto = (RAIZ / "notebooks" / "11_evaluacion.ipynb").read_text("utf-8")

    def leer(medida, nombre):
        casos = [
            medida[f"{nombre}, {c}"]["margen"] for c in ("suyo", "otro", "ninguno")
        ]
        return casos[2], casos[0] - casos[1]

    def de_los_tres(nombre):
        leidos = [leer(m, nombre) for m in informe["medidas"]]
        return leer(informe["antes"], nombre), *zip(*leidos, strict=True)

    (gusto, distancia), gustos, distancias = de_los_tres("tuteo")
    assert max(gustos) < gusto and max(distancias) < distancia
    assert _entre(gustos) in texto and _entre(distancias) in texto
    (gusto, distancia), gustos, distancias = de_los_tres("voseo")
    assert min(gustos) > gusto and min(distancias) > distancia
    assert _entre(distancias) in texto


def test_con_todos_los_pares_se_dice_lo_que_mide_la_evaluacion():
    informe = json.loads((RESULTADOS / "evaluacion-semilla.json").read_text("utf-8"))
    filas = {f["parte"]: f for f in informe["filas"]}
    texto = (RAIZ / "notebooks" / "11_evaluacion.ipynb").read_text("utf-8")
    for parte, verbo in (("espejo_tuteo", "baja"), ("espejo_voseo", "sube")):
        antes, despues = filas[parte]["valor"], filas[parte]["despues"]["valor"]
        cifras = f"de {100 * antes:.0f} a {100 * despues:.0f} %"
        nombre = parte.removeprefix("espejo_")
        assert f"{nombre} {verbo} {cifras} (n = {filas[parte]['n']})" in texto
